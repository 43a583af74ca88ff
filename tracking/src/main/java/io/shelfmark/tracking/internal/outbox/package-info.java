/**
 * The asynchronous writer between live runs and a store of runs. Outside the contract.
 *
 * <p>{@link io.shelfmark.tracking.internal.outbox.Outbox} takes writes into a buffer. The writer's
 * thread gathers them into batches at every tick, a quarter of the max delay; the sender's thread
 * brings batches to the store, one call at a time. A batch that the store has not taken when the
 * max delay is over, or when the store is away or memory is half full, goes to the spool, and so
 * does everything after it until the store has all of the spool. So batches wait in one order: the
 * spools of dead processes, the own spool, memory, the buffer. A thing becomes durable only after
 * everything before it, which is why a killed process leaves no hole.
 *
 * <h2>Locks</h2>
 *
 * <table>
 * <caption>What each lock protects</caption>
 * <tr><th>lock</th><th>protects</th><th>held while</th></tr>
 * <tr><td>{@code Buffer}</td><td>chunks that fill, what memory is used, who waits for room</td>
 * <td>a few stores; never with another lock, a file or the store</td></tr>
 * <tr><td>{@code Backlog}</td><td>order and state of batches, up to where spools are durable and
 * sent, what was promised to whoever flushes</td><td>the sent position is noted on disk, unsynced,
 * and sent files are removed; never with the buffer's lock, a sync or the store</td></tr>
 * <tr><td>lock file</td><td>a spool's folder, against other processes</td><td>its owner
 * lives</td></tr>
 * </table>
 *
 * <p>Files have one user each: the writer's thread appends, the sender's thread reads.
 *
 * <h2>The format of a spool, version 1</h2>
 *
 * <p>A spool is a folder, named by the time of its making (UTC) and a UUID, and a lock file beside
 * it with {@code .lock} behind the same name. Whoever gets a lock on that file owns the folder. In
 * it are
 *
 * <ul>
 *   <li>segments, {@code 0000000001.spool} and so on: the line {@code shelfmark-spool 1}, which
 *       ends with a line feed, then records; another number is refused and the folder left alone;
 *   <li>{@code sent}: up to where the store has it, 20 bytes: number of the segment (8), offset in
 *       it (8), CRC-32C of these (4). It is not synced; where it is missing, broken or old, records
 *       are sent again.
 * </ul>
 *
 * <p>Numbers are big-endian. A record has a header of 20 bytes: length of the content (4), how many
 * things its process had added up to its end (8), CRC-32C of the content (4), CRC-32C of the header
 * before this (4). It is synced before the next one begins, so an unfinished one can only be the
 * last of the last segment; it is cut off. Any other record that does not match is damage: it is
 * left out and told of, and the segment is kept beside the folder with the name's end {@code
 * -0000000001.damaged}.
 *
 * <p>The content is a number of writes and the writes. A number is seven bits a byte, the lowest
 * first, with the high bit where more follow; a signed one has its sign in the lowest bit. A text
 * is a number, twice its length and 1 more if it has characters beyond U+00FF, then a byte for each
 * character, or two. A name is 0 and a text where it occurs first in the record, and later the
 * number of its first occurrence, from 1. A time after another one is the signed difference of the
 * seconds and a number: twice the milliseconds, or twice the nanoseconds and 1 more. A map is a
 * number of entries, each a name and a text. A write is one byte and
 *
 * <ol>
 *   <li>create: names of run and experiment, texts of name and user, start time after 1970, tags;
 *   <li>log: name of the run, params, tags, number of points; each point is the key's name, the
 *       value's bits (8), step and time as differences from the point before, at first from 0;
 *   <li>update: name of the run, a byte with 1 for the status (text), 2 for the end time after
 *       1970, 4 for the name (text), then those;
 *   <li>heartbeat: name of the run, time after 1970.
 * </ol>
 */
@NullMarked
package io.shelfmark.tracking.internal.outbox;

import org.jspecify.annotations.NullMarked;

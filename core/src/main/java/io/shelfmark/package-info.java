/**
 * Shelfmark reads price tags off shelf photos inside a retailer's own JVM, and runs what keeps such
 * a reader good. This package is the root of the library; this page is its map.
 *
 * <table>
 * <caption>Modules, and what each holds in this version</caption>
 * <thead><tr><th>Module</th><th>Package</th><th>Holds</th></tr></thead>
 * <tbody>
 * <tr><td>shelfmark-core</td><td>{@code io.shelfmark}</td>
 *     <td>{@link io.shelfmark.Workspace}, where everything is kept, and {@link
 *     io.shelfmark.ShelfmarkException}, the root of the library's failures</td></tr>
 * <tr><td></td><td>{@code io.shelfmark.artifact}</td>
 *     <td>numbered, immutable versions of files and folders, aliases, lineage; working files, which
 *     have a path and no versions; collection of garbage</td></tr>
 * <tr><td></td><td>{@code io.shelfmark.dataset}</td>
 *     <td>file sets: commit, diff, merge, checkout, verify, split</td></tr>
 * <tr><td></td><td>{@code io.shelfmark.pipeline}</td>
 *     <td>pipelines in plain typed Java: {@link io.shelfmark.pipeline.Step}, {@link
 *     io.shelfmark.pipeline.Pipeline}, {@link io.shelfmark.pipeline.PipelineRunner}, the port that
 *     runners implement, and {@link io.shelfmark.pipeline.LocalRunner}</td></tr>
 * <tr><td></td><td>{@code io.shelfmark.pipeline.schedule}</td>
 *     <td>when pipelines run by themselves: {@link io.shelfmark.pipeline.schedule.Schedule}, {@link
 *     io.shelfmark.pipeline.schedule.Trigger}, and {@link
 *     io.shelfmark.pipeline.schedule.Scheduler}, which watches for both</td></tr>
 * <tr><td></td><td>{@code io.shelfmark.storage}</td>
 *     <td>{@link io.shelfmark.storage.BlobStore}, the port that stores implement</td></tr>
 * <tr><td>shelfmark-inference</td><td>{@code io.shelfmark.inference}</td>
 *     <td>the recognizer: a photo goes in, the tags with their prices come out</td></tr>
 * <tr><td>shelfmark-storage-fs</td><td>{@code io.shelfmark.storage.fs}</td>
 *     <td>the blob store on a file system</td></tr>
 * <tr><td>shelfmark-storage-s3</td><td>{@code io.shelfmark.storage.s3}</td>
 *     <td>the blob store on S3 and servers that speak it</td></tr>
 * <tr><td>shelfmark-tracking</td><td>{@code io.shelfmark.tracking}</td>
 *     <td>experiments and runs on record, in a database or on an MLflow server</td></tr>
 * </tbody>
 * </table>
 *
 * <p>Dependencies point one way: the adapters, tracking and inference depend on core, core on none
 * of them, and nothing on the benchmarks and examples. Packages named {@code internal} are outside
 * the contract.
 */
@NullMarked
package io.shelfmark;

import org.jspecify.annotations.NullMarked;

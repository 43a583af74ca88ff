package io.shelfmark.tracking.internal.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Up to where a spool was sent, in a file of 20 bytes: segment, offset, CRC-32C. It is not synced:
 * it survives the process, and after a power cut records may be sent again, which writes allow.
 * Whoever guards the spool guards this.
 */
final class Cursor implements AutoCloseable {

  static final String NAME = "sent";
  private static final int BYTES = 20;

  private final Path file;
  private @Nullable FileChannel channel;

  Cursor(Path folder) {
    this.file = folder.resolve(NAME);
  }

  /** What was set last. */
  Optional<SpoolPosition> read() throws IOException {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      if (bytes.remaining() == BYTES && bytes.getInt(BYTES - 4) == crc(bytes)) {
        return Optional.of(new SpoolPosition(bytes.getLong(0), bytes.getLong(8)));
      }
    } catch (NoSuchFileException e) {
      // nothing was sent yet
    }
    return Optional.empty();
  }

  void set(SpoolPosition position) throws IOException {
    FileChannel open = channel;
    if (open == null) {
      open = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      channel = open;
    }
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    bytes.putLong(position.segment()).putLong(position.offset());
    bytes.putInt(crc(bytes)).flip();
    open.write(bytes, 0);
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(0, BYTES - 4));
    return (int) crc.getValue();
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }
}

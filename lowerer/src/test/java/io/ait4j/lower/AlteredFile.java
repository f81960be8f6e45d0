package io.ait4j.lower;

import io.ait4j.lower.proto.Manifest;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/** Files that are whole, but whose manifest was written by somebody who erred. */
final class AlteredFile {
  private AlteredFile() {}

  /** Writes {@code file} with another manifest to {@code to}. */
  static Path write(Path file, Path to, Consumer<Manifest.Builder> change) throws IOException {
    Files.deleteIfExists(to);
    Files.createFile(to);
    try (Arena arena = Arena.ofShared();
        StoredZipWriter zip = new StoredZipWriter(to)) {
      AitmFile read = AitmFile.map(file, arena);
      Manifest.Builder manifest = read.manifest().toBuilder();
      change.accept(manifest);
      zip.add(AitmFile.MANIFEST, manifest.build().toByteArray());
      for (Map.Entry<String, AitmFile.Entry> entry : read.entries().entrySet()) {
        if (!entry.getKey().equals(AitmFile.MANIFEST)) {
          zip.add(entry.getKey(), entry.getValue().data());
        }
      }
      zip.finish();
    }
    return to;
  }
}

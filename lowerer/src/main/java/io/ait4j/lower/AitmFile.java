package io.ait4j.lower;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.GraphProto;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.archive.ArchiveException;
import io.ait4j.fx.archive.ZipArchive;
import io.ait4j.lower.proto.Manifest;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * A mapped {@code .aitm} file, its manifest read and its version checked.
 *
 * @param path for messages
 * @param entries the memory of each, by name
 */
record AitmFile(Path path, Map<String, MemorySegment> entries, Manifest manifest) {
  static final int FORMAT_VERSION = 2;
  static final String MANIFEST = "manifest.pb";
  static final String GRAPH = "graph.pb";
  static final String REPORT = "report.json";

  /**
   * Maps {@code file}; everything lives as long as {@code arena}.
   *
   * @throws ModelException (IMPORT) if it is missing, cut off, damaged or of another version
   */
  static AitmFile map(Path file, Arena arena) {
    AitmFile aitm = new AitmFile(file, entries(file, arena), Manifest.getDefaultInstance());
    try {
      ByteBuffer manifest = aitm.entry(MANIFEST).asByteBuffer();
      aitm = new AitmFile(file, aitm.entries, Manifest.parseFrom(manifest));
    } catch (InvalidProtocolBufferException e) {
      throw corrupt(file, "its manifest is damaged", e);
    }
    if (aitm.manifest.getFormatVersion() != FORMAT_VERSION) {
      throw corrupt(
          file,
          "its format is version %d and this ait4j reads version %d"
              .formatted(aitm.manifest.getFormatVersion(), FORMAT_VERSION),
          null);
    }
    return aitm;
  }

  /** All that is in the file, on pages of its own as {@link StoredZipWriter} puts it. */
  private static Map<String, MemorySegment> entries(Path file, Arena arena) {
    Map<String, MemorySegment> entries = new LinkedHashMap<>();
    try (ZipArchive zip = ZipArchive.open(file, arena)) {
      for (String name : zip.names()) {
        // Whoever loads a library hashes it, and constants are too large to read at each load.
        if (!name.startsWith("constants/") && !name.startsWith("lib/")) {
          zip.verify(name);
        }
        MemorySegment data = zip.map(name);
        if (data.address() % StoredZipWriter.PAGE != 0) {
          throw corrupt(file, "entry '" + name + "' is not aligned to a page", null);
        }
        entries.put(name, data);
      }
    } catch (ArchiveException e) {
      throw corrupt(file, e.reason(), e);
    }
    return Collections.unmodifiableMap(entries);
  }

  /**
   * Loads its parts.
   *
   * @param arena what the file is mapped in
   */
  ModuleParts load(LoadSettings settings, Arena arena) {
    return new ModuleLoader(this, settings, arena).load();
  }

  /** How the model was split, and why. */
  LoweringReport report() {
    MemorySegment json = entry(REPORT);
    try {
      return ReportJson.read(json.toArray(ValueLayout.JAVA_BYTE));
    } catch (IOException e) {
      throw corrupt("its report is damaged", e);
    }
  }

  /**
   * A graph in the file.
   *
   * @param weights memory of each weight by the name of its value; null for one that is not needed
   */
  FxGraph graph(String entry, Function<String, MemorySegment> weights) {
    try {
      return GraphProto.fromProto(entry(entry).toArray(ValueLayout.JAVA_BYTE), weights);
    } catch (IllegalArgumentException e) {
      throw corrupt("entry '" + entry + "' is damaged", e);
    }
  }

  /** The memory of an entry. */
  MemorySegment entry(String name) {
    MemorySegment data = entries.get(name);
    if (data == null) {
      throw corrupt("entry '" + name + "' is missing", null);
    }
    return data;
  }

  ModelException corrupt(String why, Throwable cause) {
    return corrupt(path, why, cause);
  }

  private static ModelException corrupt(Path path, String why, Throwable cause) {
    return new ModelException(
        ModelException.Kind.IMPORT,
        path + " is not a usable .aitm file: " + why + "; convert the model again",
        cause);
  }
}

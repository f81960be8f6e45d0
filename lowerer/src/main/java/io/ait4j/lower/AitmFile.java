package io.ait4j.lower;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.GraphProto;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.WholeFile;
import io.ait4j.lower.proto.Manifest;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * A mapped {@code .aitm} file, its manifest read and its version checked.
 *
 * @param path for messages
 */
record AitmFile(Path path, StoredZip zip, Manifest manifest) {
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
    try {
      StoredZip zip = StoredZip.map(file, arena);
      MemorySegment manifest = zip.entries().get(MANIFEST);
      if (manifest == null) {
        throw new StoredZip.Corrupt("it has no " + MANIFEST + ", so it is no .aitm");
      }
      AitmFile aitm = new AitmFile(file, zip, Manifest.parseFrom(manifest.asByteBuffer()));
      if (aitm.manifest.getFormatVersion() != FORMAT_VERSION) {
        throw new StoredZip.Corrupt(
            "its format is version %d and this ait4j reads version %d"
                .formatted(aitm.manifest.getFormatVersion(), FORMAT_VERSION));
      }
      return aitm;
    } catch (NoSuchFileException e) {
      throw new ModelException(ModelException.Kind.IMPORT, file + ": no such file", e);
    } catch (InvalidProtocolBufferException e) {
      throw new AitmFile(file, null, null).corrupt("its manifest is damaged", e);
    } catch (StoredZip.Corrupt e) {
      throw new AitmFile(file, null, null).corrupt(e.getMessage(), e);
    } catch (IOException e) {
      throw new ModelException(
          ModelException.Kind.IMPORT, file + " cannot be read: " + WholeFile.reason(e), e);
    }
  }

  /** Loads its parts. */
  ModuleParts load(LoadSettings settings) {
    return new ModuleLoader(this, settings).load();
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
    MemorySegment data = zip.entries().get(name);
    if (data == null) {
      throw corrupt("entry '" + name + "' is missing", null);
    }
    return data;
  }

  ModelException corrupt(String why, Throwable cause) {
    return new ModelException(
        ModelException.Kind.IMPORT,
        path + " is not a usable .aitm file: " + why + "; convert the model again",
        cause);
  }
}

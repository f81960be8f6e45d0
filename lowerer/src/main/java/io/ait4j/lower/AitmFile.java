package io.ait4j.lower;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ait4j.compiler.build.Target;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.GraphProto;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.WholeFile;
import io.ait4j.fx.archive.ArchiveException;
import io.ait4j.fx.archive.ZipArchive;
import io.ait4j.lower.proto.Content;
import io.ait4j.lower.proto.Manifest;
import io.ait4j.lower.proto.Variant;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A mapped {@code .aitm} file, its manifest read and its version checked.
 *
 * @param path for messages
 * @param entries by name
 */
record AitmFile(Path path, Map<String, Entry> entries, Manifest manifest) {
  static final int FORMAT_VERSION = 3;
  static final String MANIFEST = "manifest.pb";
  static final String GRAPH = "graph.pb";
  static final String REPORT = "report.json";

  AitmFile {
    for (Variant variant : manifest.getVariantsList()) {
      try {
        Target.parse(variant.getTarget());
      } catch (ModelException e) {
        throw corrupt(path, "it names the target '" + variant.getTarget() + "'", e);
      }
    }
  }

  /**
   * An entry.
   *
   * @param data where it lies in memory
   * @param position where it begins in the file
   * @param expected what the manifest says of it, or the manifest's own
   */
  record Entry(MemorySegment data, long position, Fingerprint expected) {
    boolean isWhole() {
      return Fingerprint.of(data).equals(expected);
    }
  }

  /**
   * Maps {@code file}; everything lives as long as {@code arena}.
   *
   * @throws ModelException (IMPORT) if it is missing, cut off, damaged or of another version
   */
  static AitmFile map(Path file, Arena arena) {
    try (ZipArchive zip = ZipArchive.open(file, arena)) {
      zip.verify(MANIFEST);
      MemorySegment first = zip.map(MANIFEST);
      Manifest manifest = manifest(file, first.asByteBuffer());
      Map<String, Entry> entries = new LinkedHashMap<>();
      entries.put(MANIFEST, new Entry(first, zip.position(MANIFEST), Fingerprint.of(first)));
      for (Content content : manifest.getContentsList()) {
        String name = content.getEntry();
        MemorySegment data = zip.map(name);
        if (data.byteSize() != content.getBytes()) {
          throw corrupt(file, "entry '" + name + "' has another size than it was given", null);
        }
        if (data.address() % StoredZipWriter.PAGE != 0) {
          throw corrupt(file, "entry '" + name + "' is not aligned to a page", null);
        }
        entries.put(name, new Entry(data, zip.position(name), Fingerprint.of(content)));
      }
      return new AitmFile(file, entries, manifest);
    } catch (ArchiveException e) {
      throw corrupt(file, e.reason(), e);
    }
  }

  private static Manifest manifest(Path file, ByteBuffer bytes) {
    Manifest manifest;
    try {
      manifest = Manifest.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw corrupt(file, "its manifest is damaged", e);
    }
    if (manifest.getFormatVersion() != FORMAT_VERSION) {
      throw corrupt(
          file,
          "its format is version %d and this ait4j reads version %d"
              .formatted(manifest.getFormatVersion(), FORMAT_VERSION),
          null);
    }
    if (manifest.getVariantsCount() == 0) {
      throw corrupt(file, "it is for no target", null);
    }
    return manifest;
  }

  /**
   * Loads its parts for the best of its targets that fits this machine. What is not read in any
   * case, constants above all, is checked unless {@code settings}' cache folder knows that this was
   * done since the file was written.
   *
   * @param arena what the file is mapped in
   */
  ModuleParts load(LoadSettings settings, Arena arena) {
    Machine here = Machine.here(settings.gpu());
    Machine.Choice choice = consistent(() -> here.choose(path, manifest.getVariantsList()));
    CheckedFiles checked = new CheckedFiles(settings.cacheDir().resolve("checked"));
    String content = entry(MANIFEST).expected().hex();
    if (!checked.has(path, content)) {
      try {
        CheckedFiles.State before = CheckedFiles.State.of(path);
        check();
        checked.add(path, content, before);
      } catch (IOException e) {
        throw corrupt(WholeFile.reason(e), e);
      }
    }
    return consistent(() -> new ModuleLoader(this, choice, settings, arena).load());
  }

  /**
   * Reads all of it.
   *
   * @throws ModelException (IMPORT) naming what is damaged
   */
  void check() {
    entries.keySet().forEach(this::whole);
  }

  /** What it is compiled for. */
  List<String> targets() {
    return manifest.getVariantsList().stream().map(Variant::getTarget).toList();
  }

  /** How the model was split for a target, and why. */
  LoweringReport report(Variant variant) {
    return new ReportEntry(this, variant.getReport()).read();
  }

  /** That of the first target. */
  LoweringReport report() {
    return report(manifest.getVariants(0));
  }

  /**
   * A graph in the file.
   *
   * @param weights memory of each weight by the name of its value; null for one that is not needed
   */
  FxGraph graph(String entry, Function<String, MemorySegment> weights) {
    byte[] bytes = whole(entry).toArray(ValueLayout.JAVA_BYTE);
    try {
      return GraphProto.fromProto(bytes, weights);
    } catch (ModelException e) {
      throw e;
    } catch (RuntimeException e) {
      throw corrupt("entry '" + entry + "' is damaged", e);
    }
  }

  /** The memory of an entry whose bytes are what they should be. */
  MemorySegment whole(String name) {
    Entry entry = entry(name);
    if (!entry.isWhole()) {
      throw corrupt("entry '" + name + "' is damaged", null);
    }
    return entry.data;
  }

  /** An entry as it is. */
  Entry entry(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw corrupt("entry '" + name + "' is missing", null);
    }
    return entry;
  }

  /**
   * What is made of the file's parts, which are whole but were written by we do not know whom.
   *
   * @throws ModelException (IMPORT) if one refers to what is not there, or makes no sense
   */
  <T> T consistent(Supplier<T> made) {
    try {
      return made.get();
    } catch (ModelException | IllegalStateException e) {
      throw e; // said clearly, or a fault that is not the file's
    } catch (RuntimeException e) {
      throw corrupt("its parts do not fit together (" + e + ")", e);
    }
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

package io.ait4j.lower;

import io.ait4j.compiler.build.FileCache;
import io.ait4j.compiler.build.LibraryBuilder;
import io.ait4j.compiler.build.Sha256;
import io.ait4j.compiler.select.Selections;
import io.ait4j.fx.Dim;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.WholeFile;
import io.ait4j.fx.reader.ImportSettings;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whole {@code .aitm} files by all that decides them: what is in the model's file and in the
 * weights', the inputs, the settings, the C++ compiler with its flags and the target as it is on
 * this machine, and ait4j's own code. Known before anything is read as a model.
 */
final class ConversionCache {
  private static final Logger LOG = LoggerFactory.getLogger(ConversionCache.class);
  private static final long MOST_BYTES = 8L << 30;
  private static final String FILE = "model.aitm";

  private final FileCache files;
  private final Optional<String> key;
  private final Set<Path> sources;
  private final Optional<List<String>> hashed;

  private ConversionCache(
      FileCache files, Optional<String> key, Set<Path> sources, Optional<List<String>> hashed) {
    this.files = files;
    this.key = key;
    this.sources = sources;
    this.hashed = hashed;
  }

  /** For one conversion. */
  static ConversionCache of(Path model, ImportSettings imports, List<LowerSettings> targets) {
    LowerSettings settings = targets.getFirst();
    Set<Path> sources = new LinkedHashSet<>();
    sources.add(model);
    imports.weights().ifPresent(sources::add);
    Optional<List<String>> hashed = states(sources); // before they are hashed
    return new ConversionCache(
        new FileCache(settings.cacheDir().resolve("model"), FILE, MOST_BYTES),
        settings.reuse() ? key(model, imports, targets, sources) : Optional.empty(),
        sources,
        hashed);
  }

  /** Empty if the conversion depends on what is not known here. */
  private static Optional<String> key(
      Path model, ImportSettings imports, List<LowerSettings> targets, Set<Path> sources) {
    try {
      Sha256 hash = new Sha256().add("conversion 2");
      for (Path file : sources) {
        if (ModelFiles.mayReferToOthers(file)) {
          return Optional.empty();
        }
      }
      hash.add(Sha256.of(model));
      hash.add(imports.weights().isPresent() ? Sha256.of(imports.weights().get()) : "");
      imports.inputs().forEach(input -> hash.add(text(input)));
      targets.forEach(settings -> add(settings, hash));
      hash.add(CodeIdentity.hash());
      return Optional.of(hash.hex());
    } catch (IOException | ModelException e) { // whoever converts says what is wrong
      LOG.debug("{} is converted without the cache", model, e);
      return Optional.empty();
    }
  }

  private static void add(LowerSettings settings, Sha256 hash) {
    new TreeSet<>(settings.excludedOps()).forEach(op -> hash.add("op " + op));
    new TreeSet<>(settings.excludedNodes()).forEach(node -> hash.add("node " + node));
    new TreeSet<>(settings.withoutPasses()).forEach(pass -> hash.add("without " + pass));
    LowerSettings others =
        settings
            .withExcludedOps(Set.of())
            .withExcludedNodes(Set.of())
            .withoutPasses(Set.of())
            .withCacheDir(Path.of(""))
            .withThreads(0);
    hash.add(others.toString());
    hash.add(LibraryBuilder.of(AitPartitionBuilder.settings(settings)).identity());
    hash.add("timed on " + Selections.gpu(settings.target(), settings.profiling()));
  }

  private static String text(InputSpec input) {
    StringBuilder text = new StringBuilder().append(input);
    for (Dim dim : input.meta().shape()) {
      dim.symbols()
          .forEach(
              s -> text.append(' ').append(s.name()).append(s.min()).append("..").append(s.max()));
    }
    return text.toString();
  }

  /** Writes {@code out} from the cache, if it is there. */
  Optional<List<LoweringReport>> find(Path out) {
    Optional<Path> found = key.flatMap(files::find);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (Arena arena = Arena.ofShared()) {
      AitmFile file = AitmFile.map(found.get(), arena);
      List<LoweringReport> reports =
          file.manifest().getVariantsList().stream().map(file::report).toList();
      WholeFile.write(
          out, part -> Files.copy(found.get(), part, StandardCopyOption.REPLACE_EXISTING));
      return Optional.of(reports);
    } catch (ModelException e) {
      if (e.kind() == ModelException.Kind.IO) {
        throw e;
      }
      LOG.warn("{} in the cache cannot be used and is made again: {}", found.get(), e.getMessage());
      files.discard(key.get());
      return Optional.empty();
    }
  }

  /**
   * Remembers what has been converted, unless the files changed since they were hashed, or a build
   * failed: it may succeed the next time.
   */
  void insert(Path made, List<LoweringReport> reports) {
    if (reports.stream().allMatch(report -> report.demotions().isEmpty())
        && hashed.isPresent()
        && hashed.equals(states(sources))) {
      key.ifPresent(known -> files.insert(known, made));
    }
  }

  /** What changes when a file is replaced or written to; empty if one cannot be read. */
  private static Optional<List<String>> states(Set<Path> files) {
    List<String> states = new ArrayList<>();
    try {
      for (Path file : files) {
        BasicFileAttributes state = Files.readAttributes(file, BasicFileAttributes.class);
        states.add("%d %s %s".formatted(state.size(), state.lastModifiedTime(), state.fileKey()));
      }
      return Optional.of(states);
    } catch (IOException e) { // whoever converts says what is wrong
      return Optional.empty();
    }
  }
}

package io.ait4j.lower;

import io.ait4j.compiler.AitCompiler;
import io.ait4j.compiler.build.Sha256;
import io.ait4j.compiler.convert.ConverterProvider;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.OperatorProvider;
import io.ait4j.fx.Providers;
import io.ait4j.partition.Partitioner;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The code that converts: ait4j's modules, what others add to them, and libtorch. A jar is told by
 * its place, size and time, a folder of classes by those of its files.
 */
public final class CodeIdentity {
  private static final String LIBTORCH = "org/bytedeco/pytorch/global/torch.class";

  private CodeIdentity() {}

  /**
   * A hash of it.
   *
   * @throws IOException if some of it is in no file
   * @throws io.ait4j.fx.ModelException (USAGE) naming what is added and cannot be used
   */
  public static String hash() throws IOException {
    Sha256 hash = new Sha256();
    for (String place : places()) {
      hash.add(place);
    }
    ClassLoader loader = CodeIdentity.class.getClassLoader();
    URL libtorch = loader.getResource(LIBTORCH); // its name has the version
    return hash.add(String.valueOf(libtorch)).hex();
  }

  private static Set<String> places() throws IOException {
    List<Class<?>> classes =
        new ArrayList<>(
            List.of(FxGraph.class, Partitioner.class, AitCompiler.class, AitLowerer.class));
    classes.addAll(Providers.types(ConverterProvider.class));
    classes.addAll(Providers.types(OperatorProvider.class));
    Set<String> places = new TreeSet<>();
    for (Class<?> type : classes) {
      places.add(type.getName());
      CodeSource source = type.getProtectionDomain().getCodeSource();
      if (source == null) {
        throw new IOException("it is not known where " + type + " comes from");
      }
      try {
        add(Path.of(source.getLocation().toURI()), places);
      } catch (URISyntaxException | RuntimeException e) { // a place that is no file
        throw new IOException(e);
      }
    }
    return places;
  }

  private static void add(Path place, Set<String> places) throws IOException {
    try (Stream<Path> files = Files.walk(place)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        places.add(
            "%s %d %d"
                .formatted(
                    file,
                    Files.size(file),
                    Files.getLastModifiedTime(file).to(java.util.concurrent.TimeUnit.NANOSECONDS)));
      }
    }
  }
}

package io.ait4j.examples;

import io.ait4j.lower.LoadSettings;
import io.ait4j.lower.LoweredModule;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * How long a model takes to load: {@code LoadTimes MODEL.aitm [TIMES]}. The first time its
 * constants are checked and its libraries unpacked, and the JVM reads ait4j's classes.
 */
public final class LoadTimes {
  private LoadTimes() {}

  public static void main(String[] args) throws IOException {
    Path model = Path.of(args[0]);
    Path cache = Files.createTempDirectory("load-times");
    try {
      measure(model, new LoadSettings(cache, 0), args.length > 1 ? Integer.parseInt(args[1]) : 50);
    } finally {
      try (Stream<Path> files = Files.walk(cache)) {
        files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
      }
    }
  }

  private static void measure(Path model, LoadSettings settings, int times) {
    double[] millis = new double[times];
    for (int i = 0; i < millis.length; i++) {
      long begin = System.nanoTime();
      try (LoweredModule module = LoweredModule.load(model, settings)) {
        millis[i] = (System.nanoTime() - begin) / 1e6;
      }
    }
    double[] later = Arrays.copyOfRange(millis, 1, millis.length);
    Arrays.sort(later);
    System.out.printf(
        "first %.1f ms, second %.1f ms, then median %.1f ms, least %.1f ms%n",
        millis[0], millis[1], later[later.length / 2], later[0]);
  }
}

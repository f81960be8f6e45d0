package io.ait4j.examples.sweep;

import io.ait4j.examples.sweep.Problem.Convolution;
import io.ait4j.examples.sweep.Problem.Product;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The problems that are timed together. */
enum Suite {
  /** Matrix products: squares, and the layers of BERT-base, ViT-B/16 and GPT-2 small. */
  GEMM {
    @Override
    List<Problem> problems() {
      List<Problem> problems = new ArrayList<>();
      for (long n = 512; n <= 8192; n *= 2) {
        problems.add(new Product("square " + n, n, n, n));
      }
      for (long batch : new long[] {1, 32}) {
        layers("BERT", batch, 128 * batch, problems);
        layers("ViT", batch, 197 * batch, problems);
        layers("GPT-2", batch, 1024 * batch, problems);
        problems.add(new Product("GPT-2 b" + batch + " vocabulary", batch, 50257, 768));
      }
      return problems;
    }
  },
  /** The convolutions of ResNet-50. */
  CONV {
    @Override
    List<Problem> problems() {
      long[][] layers = { // channels, size, outputs, kernel, stride
        {3, 224, 64, 7, 2}, {64, 56, 64, 1, 1}, {64, 56, 64, 3, 1}, {64, 56, 256, 1, 1},
        {256, 56, 64, 1, 1}, {256, 56, 128, 1, 1}, {128, 56, 128, 3, 2}, {128, 28, 512, 1, 1},
        {256, 56, 512, 1, 2}, {512, 28, 128, 1, 1}, {128, 28, 128, 3, 1}, {512, 28, 256, 1, 1},
        {256, 28, 256, 3, 2}, {256, 14, 1024, 1, 1}, {512, 28, 1024, 1, 2}, {1024, 14, 256, 1, 1},
        {256, 14, 256, 3, 1}, {1024, 14, 512, 1, 1}, {512, 14, 512, 3, 2}, {512, 7, 2048, 1, 1},
        {1024, 14, 2048, 1, 2}, {2048, 7, 512, 1, 1}, {512, 7, 512, 3, 1}
      };
      List<Problem> problems = new ArrayList<>();
      for (long batch : new long[] {1, 64}) {
        for (long[] l : layers) {
          String name = "b%d %d@%d to %d, %dx%d/%d";
          problems.add(
              new Convolution(
                  name.formatted(batch, l[0], l[1], l[2], l[3], l[3], l[4]),
                  batch,
                  l[0],
                  l[1],
                  l[2],
                  l[3],
                  l[4]));
        }
      }
      return problems;
    }
  };

  abstract List<Problem> problems();

  private static void layers(String model, long batch, long rows, List<Problem> problems) {
    String name = model + " b" + batch;
    problems.add(new Product(name + " qkv", rows, 3 * 768, 768));
    problems.add(new Product(name + " projection", rows, 768, 768));
    problems.add(new Product(name + " up", rows, 3072, 768));
    problems.add(new Product(name + " down", rows, 768, 3072));
  }

  /** By its name in lower case. */
  static Optional<Suite> named(String name) {
    for (Suite suite : values()) {
      if (suite.name().toLowerCase(java.util.Locale.ROOT).equals(name)) {
        return Optional.of(suite);
      }
    }
    return Optional.empty();
  }
}

package io.ait4j.compiler;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.ait4j.compiler.build.LibraryBuilder;
import io.ait4j.fx.DType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The library of {@code affine.cpp}: y = x * scale + raw + 1, s = sum(x), x being 3 by 4. */
public final class AffineLibrary {
  private AffineLibrary() {}

  public static String source() {
    try (InputStream in = AffineLibrary.class.getResourceAsStream("build/affine.cpp")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Built once for each cache folder. */
  static Path build(Path cacheDir) {
    return LibraryBuilder.of(CompilerSettings.defaults().withCacheDir(cacheDir))
        .build(Map.of("model.cpp", source()));
  }

  static List<Constant> constants(Arena arena, float scale, float... raw) {
    return List.of(floats(arena, "raw", raw), floats(arena, "scale", scale));
  }

  static Constant floats(Arena arena, String name, float... values) {
    return new Constant(
        name, DType.FLOAT32, new long[] {values.length}, arena.allocateFrom(JAVA_FLOAT, values));
  }

  static float[] expected(float[] x, float scale, float... raw) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = x[i] * scale + (raw[i % raw.length] + 1);
    }
    return y;
  }

  static MemorySegment floats(Arena arena, float... values) {
    return arena.allocateFrom(JAVA_FLOAT, values);
  }
}

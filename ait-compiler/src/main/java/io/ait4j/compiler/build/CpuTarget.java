package io.ait4j.compiler.build;

import io.ait4j.fx.ModelException;

/**
 * A processor to compile for.
 *
 * @param march the compiler's name of its instruction set: {@code native}, {@code x86-64-v3}, ...
 */
public record CpuTarget(String march) implements Target {
  /** The processor of this machine. */
  public static final CpuTarget NATIVE = new CpuTarget("native");

  /** Any x86-64 processor with AVX2 and FMA. */
  public static final CpuTarget X86_64_V3 = new CpuTarget("x86-64-v3");

  /** Any x86-64 processor with AVX-512. */
  public static final CpuTarget X86_64_V4 = new CpuTarget("x86-64-v4");

  /**
   * @throws ModelException if this cannot be the name of an instruction set
   */
  public CpuTarget {
    if (!march.matches("[A-Za-z0-9][A-Za-z0-9._+-]*")) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "not a processor: '" + march + "'; use native, x86-64-v3 or x86-64-v4");
    }
  }

  @Override
  public CpuTarget host() {
    return this;
  }

  @Override
  public String spelling() {
    return "cpu:" + march;
  }
}

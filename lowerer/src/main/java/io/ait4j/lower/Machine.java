package io.ait4j.lower;

import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.compiler.build.Instructions;
import io.ait4j.compiler.build.Target;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.cuda.CudaDevice;
import io.ait4j.lower.proto.Requirements;
import io.ait4j.lower.proto.Variant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What of this machine decides whether a file runs on it.
 *
 * @param instructions that its processor has; empty if that is not known
 * @param glibc the version of its C library; empty if that is another one
 * @param gpuIndex which of its GPUs is to be used
 */
record Machine(Set<String> instructions, Optional<String> glibc, int gpuIndex) {
  private static final Logger LOG = LoggerFactory.getLogger(Machine.class);

  /**
   * One of a file's targets.
   *
   * @param gpu that it runs on; null for the CPU
   */
  record Choice(Variant variant, CudaDevice gpu) {}

  /** This one. */
  static Machine here(int gpuIndex) {
    return new Machine(Instructions.ofThisMachine(), GlibcVersion.ofThisMachine(), gpuIndex);
  }

  /**
   * The best of a file's targets that this machine can run: one for its GPU, else the one that uses
   * most of its processor.
   *
   * @throws ModelException (RUN) with what it lacks for each
   */
  Choice choose(Path file, List<Variant> variants) {
    Map<Choice, Integer> fitting = new LinkedHashMap<>();
    List<String> others = new ArrayList<>();
    for (Variant variant : variants) {
      try {
        fitting.put(fit(variant), rank(variant));
      } catch (ModelException e) {
        others.add(variant.getTarget() + ": " + e.getMessage());
      }
    }
    String reasons = String.join("; ", others);
    Choice best =
        fitting.entrySet().stream()
            .max(Map.Entry.comparingByValue()) // the last of equals, which does not matter
            .map(Map.Entry::getKey)
            .orElseThrow(
                () ->
                    lacks(
                        "%s cannot run here. It is compiled for %s. Convert it for this machine, or"
                                .formatted(file, reasons)
                            + " 'ait4j recompile' it"));
    if (!others.isEmpty()) {
      LOG.info("{} runs as compiled for {}; not for {}", file, best.variant.getTarget(), reasons);
    }
    return best;
  }

  private static int rank(Variant variant) {
    return Target.parse(variant.getTarget()) instanceof CudaTarget cuda
        ? cuda.architectures().stream().mapToInt(CudaTarget::capability).max().orElseThrow() << 16
        : variant.getRequirements().getInstructionsCount();
  }

  /** Throws {@link ModelException} (RUN) that says why it does not. */
  private Choice fit(Variant variant) {
    Requirements needed = variant.getRequirements();
    String missing =
        needed.getInstructionsList().stream()
            .filter(name -> !instructions.contains(name))
            .collect(Collectors.joining(", "));
    if (!instructions.isEmpty() && !missing.isEmpty()) {
      throw lacks("this processor lacks " + missing);
    }
    if (!needed.getGlibc().isEmpty() && GlibcVersion.isNewer(needed.getGlibc(), glibc.orElse(""))) {
      throw lacks(
          "it needs GLIBC %s or later, and this system has %s"
              .formatted(needed.getGlibc(), glibc.orElse("another C library")));
    }
    if (!(Target.parse(variant.getTarget()) instanceof CudaTarget wanted)) {
      return new Choice(variant, null);
    }
    CudaDevice device = CudaDevice.of(gpuIndex);
    if (!wanted.runsOn(device.capability().number())) {
      throw lacks(device + " is cuda:" + device.capability().architecture());
    }
    return new Choice(variant, device);
  }

  private static ModelException lacks(String what) {
    return new ModelException(ModelException.Kind.RUN, what);
  }
}

package io.ait4j.compiler.select;

import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.compiler.codegen.cuda.Candidate;
import io.ait4j.compiler.codegen.cuda.Candidates;
import io.ait4j.compiler.codegen.cuda.CudaKernelText;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.compiler.pass.Schedule;
import io.ait4j.compiler.select.KernelChoice.Considered;
import io.ait4j.compiler.select.KernelChoice.How;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Chooses kernels where none is timed. */
final class CostModel {
  private static final int MOST_TOLD = 6;

  private CostModel() {}

  static KernelSelection select(Schedule schedule, CudaTarget target) {
    Map<String, CudaKernelText> texts = new LinkedHashMap<>();
    Map<String, KernelChoice> choices = new LinkedHashMap<>();
    Map<String, Long> sizes = Profiling.LIKELY.sizes(schedule);
    for (Kernel kernel : schedule.program().kernels()) {
      if (kernel instanceof TemplateKernel template && schedule.run().contains(kernel.name())) {
        List<Candidate> candidates =
            Candidates.of(schedule.program(), template, target, target.hasWgmma() ? 90 : 80, sizes);
        if (!candidates.isEmpty()) {
          Candidate first = candidates.getFirst();
          texts.put(kernel.name(), first.text().get());
          choices.put(
              kernel.name(), new KernelChoice(first.tile(), How.COST_MODEL, told(candidates)));
        }
      }
    }
    return new KernelSelection(texts, choices);
  }

  private static List<Considered> told(List<Candidate> candidates) {
    return candidates.stream()
        .limit(MOST_TOLD)
        .map(c -> new Considered(c.tile(), Double.NaN, c.expectedMicros()))
        .toList();
  }
}

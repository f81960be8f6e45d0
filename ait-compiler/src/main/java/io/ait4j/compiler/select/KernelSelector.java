package io.ait4j.compiler.select;

import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.compiler.build.Sha256;
import io.ait4j.compiler.build.Sources;
import io.ait4j.compiler.codegen.cuda.Candidate;
import io.ait4j.compiler.codegen.cuda.Candidates;
import io.ait4j.compiler.codegen.cuda.CudaKernelText;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.compiler.pass.Schedule;
import io.ait4j.compiler.select.KernelChoice.Considered;
import io.ait4j.compiler.select.KernelChoice.How;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which of its candidates each template kernel is. Equal kernels are timed once, and a time
 * that is known is not taken again.
 */
final class KernelSelector {
  private static final Logger LOG = LoggerFactory.getLogger(KernelSelector.class);

  /** Of a kernel; what the cost model expects to be slower than these is not timed. */
  private static final int MOST_TIMED = 5;

  /** Nor what it expects to take so many times as long as the best. */
  private static final double HOPELESS = 2;

  private final CudaTarget target;
  private final int capability;
  private final Function<Sources, String> key;
  private final String gpu;
  private final TimeCache cache;
  private final KernelTimer timer;

  /**
   * @param key what tells compiled sources from others
   */
  KernelSelector(
      CudaTarget target,
      TimedGpu gpu,
      Function<Sources, String> key,
      TimeCache cache,
      KernelTimer timer) {
    this.target = target;
    this.capability = gpu.capability();
    this.key = key;
    this.gpu = gpu.kind();
    this.cache = cache;
    this.timer = timer;
  }

  /**
   * The choices; those of the cost model for what cannot be timed, with a warning.
   *
   * @param sizes at which kernels are timed: a value for each symbol of the program, by its name
   */
  KernelSelection select(Schedule schedule, Map<String, Long> sizes) {
    Map<String, List<Trial>> trials = new LinkedHashMap<>();
    Map<CudaKernelText, String> keys =
        new HashMap<>(); // layers repeat kernels, and hashing takes long
    for (Kernel kernel : schedule.program().kernels()) {
      if (kernel instanceof TemplateKernel template && schedule.run().contains(kernel.name())) {
        List<Candidate> candidates =
            promising(Candidates.of(schedule.program(), template, target, capability, sizes));
        if (!candidates.isEmpty()) {
          trials.put(kernel.name(), trials(kernel.name(), candidates, sizes, keys));
        }
      }
    }
    Map<String, Double> known = known(trials);
    Set<String> before = Set.copyOf(known.keySet());
    List<Trial> missing = missing(trials, known);
    if (!missing.isEmpty()) {
      known.putAll(timed(schedule, missing, sizes));
    }
    Map<String, CudaKernelText> texts = new LinkedHashMap<>();
    Map<String, KernelChoice> choices = new LinkedHashMap<>();
    trials.forEach(
        (kernel, all) -> {
          Trial best = fastest(all, known);
          texts.put(kernel, best.text());
          choices.put(kernel, choice(all, best, known, before));
        });
    return new KernelSelection(texts, choices);
  }

  private static List<Candidate> promising(List<Candidate> candidates) {
    return candidates.stream()
        .limit(MOST_TIMED)
        .filter(c -> c.expectedMicros() <= HOPELESS * candidates.getFirst().expectedMicros())
        .toList();
  }

  private List<Trial> trials(
      String kernel,
      List<Candidate> candidates,
      Map<String, Long> sizes,
      Map<CudaKernelText, String> keys) {
    List<Trial> trials = new ArrayList<>();
    for (Candidate candidate : candidates) {
      CudaKernelText text = candidate.text().get();
      String compiled = keys.computeIfAbsent(sourceOf(text), t -> key.apply(t.sources()));
      Sha256 hash = new Sha256().add(compiled).add(gpu);
      text.numbers().forEach(number -> hash.add(Long.toString(number.evaluate(sizes))));
      trials.add(new Trial(kernel, candidate, text, hash.hex()));
    }
    return trials;
  }

  /** What of it is compiled: not where its memory is. */
  private static CudaKernelText sourceOf(CudaKernelText text) {
    return new CudaKernelText(
        text.device(),
        text.deviceHeaders(),
        text.host(),
        text.hostHeaders(),
        text.signature(),
        List.of(),
        List.of());
  }

  private Map<String, Double> known(Map<String, List<Trial>> trials) {
    Set<String> keys = new HashSet<>();
    trials.values().forEach(all -> all.forEach(trial -> keys.add(trial.key())));
    return new HashMap<>(cache.find(keys));
  }

  /** The trials that have no time yet, each once; none of kernels without a choice. */
  private static List<Trial> missing(Map<String, List<Trial>> trials, Map<String, Double> known) {
    Map<String, Trial> missing = new LinkedHashMap<>();
    for (List<Trial> all : trials.values()) {
      for (Trial trial : all) {
        if (all.size() > 1 && !known.containsKey(trial.key())) {
          missing.putIfAbsent(trial.key(), trial);
        }
      }
    }
    return List.copyOf(missing.values());
  }

  private Map<String, Double> timed(
      Schedule schedule, List<Trial> trials, Map<String, Long> sizes) {
    List<Double> times;
    try {
      times = timer.micros(schedule, trials, sizes);
    } catch (RuntimeException | OutOfMemoryError e) { // sizes of the largest run may be no one's
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      LOG.warn("Kernels are chosen by the cost model, as they could not be timed", e);
      return Map.of();
    }
    Map<String, Double> known = new LinkedHashMap<>();
    for (int i = 0; i < trials.size(); i++) {
      known.put(trials.get(i).key(), times.get(i));
    }
    cache.insert(trials, times);
    return known;
  }

  /** The first where nothing is known: what the cost model takes. */
  private static Trial fastest(List<Trial> trials, Map<String, Double> known) {
    Trial best = trials.getFirst();
    for (Trial trial : trials) {
      if (known.containsKey(trial.key())
          && known.get(trial.key()) < known.getOrDefault(best.key(), Double.MAX_VALUE)) {
        best = trial;
      }
    }
    return best;
  }

  private static KernelChoice choice(
      List<Trial> all, Trial best, Map<String, Double> known, Set<String> before) {
    How how =
        all.size() == 1 || !known.containsKey(best.key())
            ? How.COST_MODEL
            : all.stream().allMatch(t -> before.contains(t.key())) ? How.CACHE : How.PROFILED;
    return new KernelChoice(
        best.candidate().tile(),
        how,
        all.stream()
            .map(
                t ->
                    new Considered(
                        t.candidate().tile(),
                        known.getOrDefault(t.key(), Double.NaN),
                        t.candidate().expectedMicros()))
            .toList());
  }
}

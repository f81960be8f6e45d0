package io.ait4j.fx.rules;

import io.ait4j.fx.OpTarget;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The rules by operator. */
final class RuleTable {
  private final Map<OpTarget, RuleOfMany> rules = new LinkedHashMap<>();

  /** Of the operators that normalisation aims at. */
  static RuleTable core() {
    RuleTable table = new RuleTable();
    PointwiseRules.addTo(table);
    SpecialFunctionRules.addTo(table);
    CopyRules.addTo(table);
    PaddingRules.addTo(table);
    ReductionRules.addTo(table);
    NormRules.addTo(table);
    GemmRules.addTo(table);
    ConvolutionRules.addTo(table);
    AttentionRules.addTo(table);
    PoolingRules.addTo(table);
    SamplingRules.addTo(table);
    PaddingRules.addCircularTo(table);
    IndexingRules.addTo(table);
    WriteRules.addTo(table);
    OrderRules.addTo(table);
    RecurrentRules.addTo(table);
    ViewRules.addTo(table);
    ConstructorRules.addTo(table);
    return table;
  }

  /** Of operators that stay and run on libtorch. */
  static RuleTable fallback() {
    RuleTable table = new RuleTable();
    SpecialFunctionRules.addOthersTo(table);
    StatisticsRules.addTo(table);
    RecurrentRules.addPackedTo(table);
    WriteRules.addRemainingTo(table);
    RandomRules.addTo(table);
    ComplexRules.addTo(table);
    FourierRules.addTo(table);
    SamplingRules.addOthersTo(table);
    LinearAlgebraRules.addTo(table);
    StridedRules.addTo(table);
    return table;
  }

  /** Of those among them that draw random numbers. */
  static RuleTable random() {
    RuleTable table = new RuleTable();
    RandomRules.addTo(table);
    return table;
  }

  /**
   * Registers one rule under several names, separated by spaces; without a namespace they are of
   * {@code aten}.
   */
  void add(String names, Rule rule) {
    addMany(names, call -> List.of(rule.apply(call)));
  }

  /** The same for operators with several results. */
  void addMany(String names, RuleOfMany rule) {
    for (String name : names.split(" ")) {
      OpTarget target = OpTarget.parse(name.contains("::") ? name : "aten::" + name);
      if (rules.put(target, rule) != null) {
        throw new IllegalStateException("two rules for " + target);
      }
    }
  }

  Optional<RuleOfMany> find(OpTarget target) {
    return Optional.ofNullable(rules.get(target));
  }

  Set<OpTarget> targets() {
    return Collections.unmodifiableSet(rules.keySet());
  }
}

package io.ait4j.fx.rules;

import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSchemas;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Why an operator that is neither of the core set nor decomposed runs on libtorch. */
public enum StayReason {
  RANDOM("draws random numbers, from libtorch's generator so that its seed governs them"),
  DATA_DEPENDENT_SIZE(
      "gives a result whose size depends on data, where memory is laid out before any is seen"),
  COMPLEX("works on complex numbers, for which the compiler has no type"),
  LINEAR_ALGEBRA("factorises or solves, which LAPACK does in steps that depend on data"),
  QUANTIZED("works on quantised tensors, or on weights packed for another library"),
  SPARSE("works on sparse or nested tensors, which are no memory with strides"),
  STRIDES("says what it reads or writes by memory, its strides or its bytes, and not by elements"),
  TRAINING("serves training: statistics of a batch, losses, gradients, optimisers"),
  NAMES("finds dimensions by name; the same operator with their numbers is compiled"),
  SEQUENCES("works on sequences of different lengths, packed into one tensor"),
  FOREIGN("is another library's own form of an operator, or made for another device"),
  NO_KERNEL("has no kernel yet");

  private static final Set<OpTarget> COMPLEX_RULES =
      targets(
          t -> {
            ComplexRules.addTo(t);
            FourierRules.addTo(t);
          });
  private static final Set<OpTarget> STRIDED_RULES = targets(StridedRules::addTo);
  private static final Set<OpTarget> STATISTICS_RULES = targets(StatisticsRules::addTo);
  private static final Set<OpTarget> PACKED_RULES = targets(RecurrentRules::addPackedTo);

  private static final Pattern SIZED_BY_DATA =
      Pattern.compile(
          "nonzero(_numpy)?|argwhere|masked_select|unique\\w*|bincount|nms|_?unique2?"
              + "|item|_local_scalar_dense");
  private static final Pattern COMPLEX_NAMES =
      Pattern.compile("_?fft_\\w+|i?stft|view_as_(real|complex)\\w*|chalf|\\w*conj\\w*|mH|adjoint");
  private static final Pattern ALGEBRA_NAMES =
      Pattern.compile(
          "_?linalg_(?!diagonal|vecdot|vander)\\w+|(\\w+_)?(cholesky|solve)(_\\w+)?|\\w*lu_(solve|unpack|with_info)|geqrf|or[gm]qr"
              + "|p?inverse|qr|svd|s?logdet|det|matrix_(exp|power)|nuclear_norm");
  private static final Pattern QUANTIZED_NAMES =
      Pattern.compile(
          "\\w*(quanti[sz]|qparams|int\\dpack|fbgemm|_int_mm|scaled_(grouped_)?mm|q_per_|q_scale"
              + "|fake_q|int_repr|pack_)\\w*|mixed_dtypes\\w*");
  private static final Pattern SPARSE_NAMES =
      Pattern.compile(
          "\\w*(spars|nested|jagged|coalesce|_coo|_cs[rc]|_bs[rc]|c(row|col)_indices|to_dense|to_mkldnn)\\w*"
              + "|(col|row)_indices\\w*|_?(indices|values)(_copy)?|hspmm|smm|sspaddmm|to_padded_tensor");
  private static final Pattern STRIDE_NAMES =
      Pattern.compile(
          "(set|resize|resize_as|data|view_copy|unsafe_\\w+|from_file|as_strided\\w*)_?(copy)?");
  private static final Pattern TRAINING_NAMES =
      Pattern.compile(
          "\\w*(backward|_grad|loss|binary_cross_entropy|foreach|_fused_|_jvp)\\w*|grad|batch_norm_\\w+"
              + "|\\w*noise\\w*|embedding_renorm|glu_jvp");
  private static final Pattern BY_NAMES =
      Pattern.compile("names\\w*|\\w*_names|\\w*[Dd]imname\\w*");
  private static final Pattern NAME_NAMES =
      Pattern.compile("align_(as|to|tensors)|re(fine_|)name(s|)");
  private static final Pattern SEQUENCE_NAMES =
      Pattern.compile("\\w*(pad_sequence|pack(ed)?_(padded_)?sequence)\\w*");
  private static final Pattern FOREIGN_NAMES =
      Pattern.compile(
          "\\w*(cudnn|miopen|mkldnn|nnpack|mps|cuda|cslt|triton)\\w*|thnn_\\w+|_?slow_conv\\w*"
              + "|conv_depthwise3d|\\w*pin_memory|cpu");

  private final String text;

  StayReason(String text) {
    this.text = text;
  }

  /** What comes after the operator's name: {@code draws random numbers, ...}. */
  public String text() {
    return text;
  }

  /** The reason for {@code target}, which is not of the core set and has no decomposition. */
  public static StayReason of(OpTarget target) {
    String name = target.name();
    if (FallbackOperators.random().contains(target) || takesGenerator(target)) {
      return RANDOM;
    }
    if (BY_NAMES.matcher(target.overload()).matches() || NAME_NAMES.matcher(name).matches()) {
      return NAMES;
    }
    if (target.namespace().equals("quantized") || QUANTIZED_NAMES.matcher(name).matches()) {
      return QUANTIZED;
    }
    if (SPARSE_NAMES.matcher(name).matches()) {
      return SPARSE;
    }
    if (SIZED_BY_DATA.matcher(name).matches()
        || target.toString().startsWith("aten::repeat_interleave")) {
      return DATA_DEPENDENT_SIZE;
    }
    if (COMPLEX_RULES.contains(target) || COMPLEX_NAMES.matcher(name).matches()) {
      return COMPLEX;
    }
    if (ALGEBRA_NAMES.matcher(name).matches()) {
      return LINEAR_ALGEBRA;
    }
    if (STRIDED_RULES.contains(target) || STRIDE_NAMES.matcher(name).matches()) {
      return STRIDES;
    }
    if (PACKED_RULES.contains(target) || SEQUENCE_NAMES.matcher(name).matches()) {
      return SEQUENCES;
    }
    if (STATISTICS_RULES.contains(target) || TRAINING_NAMES.matcher(name).matches()) {
      return TRAINING;
    }
    return FOREIGN_NAMES.matcher(name).matches() ? FOREIGN : NO_KERNEL;
  }

  private static boolean takesGenerator(OpTarget target) {
    return OperatorSchemas.find(target).stream()
        .flatMap(schema -> schema.parameters().stream())
        .anyMatch(p -> p.type().base().equals("Generator"));
  }

  private static Set<OpTarget> targets(Consumer<RuleTable> rules) {
    RuleTable table = new RuleTable();
    rules.accept(table);
    return table.targets();
  }
}

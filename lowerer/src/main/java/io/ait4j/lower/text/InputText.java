package io.ait4j.lower.text;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.TensorMeta;
import io.ait4j.lower.verify.SampledTypes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code image=float32[1,3,224,224]}; without a name it is the next input by position. A
 * dimension is a size, a range {@code 1..16}, or a range with a name, {@code batch=1..16}: wherever
 * that name stands, even alone, the size is the same.
 */
public final class InputText {
  private static final Pattern FORM =
      Pattern.compile("(?:(?<name>[^=\\[\\]]+)=)?(?<dtype>[a-z0-9]+)\\[(?<dims>[^\\]]*)\\]");
  private static final Pattern DIM =
      Pattern.compile(
          "(?<size>\\d{1,18})|(?:(?<name>[A-Za-z_]\\w*)\\s*=\\s*)?(?<min>\\d{1,18})\\.\\.(?<max>\\d{1,18})"
              + "|(?<again>[A-Za-z_]\\w*)");

  private final Map<String, Dim> named = new HashMap<>();

  private final String option;

  private InputText(String option) {
    this.option = option;
  }

  /**
   * The inputs; a symbol that has no name is called after its place.
   *
   * @param option what the user calls the setting, {@code --input} for one
   * @throws ModelException (USAGE) naming the text that is none, and why
   */
  public static List<InputSpec> parse(String option, List<String> texts) {
    InputText reader = new InputText(option);
    List<InputSpec> inputs = new ArrayList<>();
    for (String text : texts) {
      inputs.add(reader.input(text, inputs.size()));
    }
    return inputs;
  }

  private InputSpec input(String text, int position) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw wrong(text, "it is not of the form NAME=float32[1,3,224,224]");
    }
    DType dtype =
        DType.ofTorchName(form.group("dtype"))
            .orElseThrow(() -> wrong(text, "dtype '" + form.group("dtype") + "' is unknown"));
    String name = form.group("name");
    String place = name == null ? "input" + position : name;
    return new InputSpec(
        name, TensorMeta.contiguous(dtype, shape(text, form.group("dims"), place)));
  }

  private List<Dim> shape(String text, String dims, String input) {
    if (dims.isBlank()) {
      return List.of();
    }
    List<Dim> shape = new ArrayList<>();
    for (String part : dims.split(",", -1)) {
      shape.add(dim(text, part.strip(), SampledTypes.symbolName(input, shape.size())));
    }
    return shape;
  }

  private Dim dim(String text, String part, String unnamed) {
    Matcher dim = DIM.matcher(part);
    if (!dim.matches()) {
      throw wrong(
          text,
          "'%s' is not a size, a range 1..16 or a named range batch=1..16%s"
              .formatted(part, part.endsWith("..") ? "; say how large it can get" : ""));
    }
    if (dim.group("size") != null) {
      return Dim.of(Long.parseLong(dim.group("size")));
    }
    if (dim.group("again") != null) {
      Dim before = named.get(dim.group("again"));
      if (before == null) {
        throw wrong(text, "'%s' has no range before here; write %s=1..16".formatted(part, part));
      }
      return before;
    }
    return symbol(text, dim, dim.group("name") == null ? free(unnamed) : dim.group("name"));
  }

  /** Sizes without a name are sizes of their own. */
  private String free(String name) {
    return named.containsKey(name) ? free(name + "_") : name;
  }

  private Dim symbol(String text, Matcher range, String name) {
    long min = Long.parseLong(range.group("min"));
    long max = Long.parseLong(range.group("max"));
    if (min > max) {
      throw wrong(text, "the range %d..%d is empty".formatted(min, max));
    }
    Dim symbol = Dim.symbol(name, min, max);
    Dim before = named.putIfAbsent(name, symbol);
    if (before != null && (before.min() != min || before.max() != max)) {
      throw wrong(
          text,
          "'%s' is %d..%d here and %d..%d before; it is one size, so give one range"
              .formatted(name, min, max, before.min(), before.max()));
    }
    return symbol;
  }

  private ModelException wrong(String text, String why) {
    return new ModelException(ModelException.Kind.USAGE, option + " '" + text + "': " + why);
  }
}

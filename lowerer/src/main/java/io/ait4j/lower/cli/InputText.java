package io.ait4j.lower.cli;

import io.ait4j.fx.DType;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.TensorMeta;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code image=float32[1,3,224,224]}; without a name it is the next input by position. */
final class InputText {
  private static final Pattern FORM =
      Pattern.compile("(?:(?<name>[^=]+)=)?(?<dtype>[a-z0-9]+)\\[(?<dims>[^\\]]*)\\]");
  private static final Pattern DIM = Pattern.compile("\\d{1,18}");

  private InputText() {}

  static InputSpec parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw wrong(text, "it is not of the form NAME=float32[1,3,224,224]");
    }
    DType dtype =
        DType.ofTorchName(form.group("dtype"))
            .orElseThrow(() -> wrong(text, "dtype '" + form.group("dtype") + "' is unknown"));
    return new InputSpec(
        form.group("name"), TensorMeta.contiguous(dtype, sizes(text, form.group("dims"))));
  }

  private static long[] sizes(String text, String dims) {
    if (dims.isBlank()) {
      return new long[0];
    }
    String[] parts = dims.split(",", -1);
    long[] sizes = new long[parts.length];
    for (int i = 0; i < parts.length; i++) {
      String dim = parts[i].strip();
      if (dim.contains("..")) {
        throw wrong(text, "dynamic dimension '" + dim + "' is not supported yet; give one size");
      }
      if (!DIM.matcher(dim).matches()) {
        throw wrong(text, "'" + dim + "' is not a size");
      }
      sizes[i] = Long.parseLong(dim);
    }
    return sizes;
  }

  private static ModelException wrong(String text, String why) {
    return new ModelException(ModelException.Kind.USAGE, "--input '" + text + "': " + why);
  }
}

package io.ait4j.lower.verify;

import io.ait4j.fx.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Which of a folder's model files is verified, and with which recordings. */
public enum VerifyFormat {
  /** {@code model.pt}, for the sizes in {@code io.safetensors}. */
  PT("pt", "model.pt"),
  /** {@code model.pt} for all recordings at once: sizes that differ among them are dynamic. */
  PT_DYNAMIC("pt", "model.pt"),
  /** {@code model.pt2}. */
  PT2("pt2", "model.pt2"),
  /** {@code model_dynamic*.pt2}, with every recording. */
  PT2_DYNAMIC("pt2", "model_dynamic*.pt2"),
  /** {@code model.onnx}. */
  ONNX("onnx", "model.onnx");

  static final String SAMPLE = "io.safetensors";

  private final String text;
  private final String files;

  VerifyFormat(String text, String files) {
    this.text = text;
    this.files = files;
  }

  /**
   * What {@code --format} stands for.
   *
   * @throws ModelException (USAGE) if it is none
   */
  public static Set<VerifyFormat> selection(String option) {
    return switch (option) {
      case "pt" -> EnumSet.of(PT);
      case "pt-dynamic" -> EnumSet.of(PT_DYNAMIC);
      case "pt2" -> EnumSet.of(PT2, PT2_DYNAMIC);
      case "onnx" -> EnumSet.of(ONNX);
      case "both" -> EnumSet.of(PT, PT2, PT2_DYNAMIC);
      case "all" -> EnumSet.of(PT, PT2, PT2_DYNAMIC, ONNX);
      case String other ->
          throw new ModelException(
              ModelException.Kind.USAGE,
              "--format "
                  + other
                  + " is unknown; use pt, pt-dynamic, pt2, onnx, both (pt and pt2) or all");
    };
  }

  /** As {@code verify --json} says it. */
  @Override
  public String toString() {
    return text;
  }

  /** The files it means, for messages. */
  String files() {
    return files;
  }

  /** What there is of this format in {@code folder}; nothing if it lacks recordings to go with. */
  List<VerifyTarget> in(Path folder) throws IOException {
    List<VerifyTarget> targets = new ArrayList<>();
    for (Path model : matching(folder, files)) {
      List<Path> samples = samples(folder);
      if (!samples.isEmpty()) {
        targets.add(new VerifyTarget(folder.getFileName().toString(), this, model, samples));
      }
    }
    return targets;
  }

  private List<Path> samples(Path folder) throws IOException {
    Path main = folder.resolve(SAMPLE);
    List<Path> others = new ArrayList<>(matching(folder, "io*.safetensors"));
    others.remove(main);
    boolean hasMain = Files.exists(main) || others.isEmpty();
    return switch (this) {
      case PT, PT2, ONNX -> List.of(main);
      case PT_DYNAMIC ->
          others.isEmpty() ? List.of() : Stream.concat(Stream.of(main), others.stream()).toList();
      case PT2_DYNAMIC ->
          Stream.concat(others.stream(), hasMain ? Stream.of(main) : Stream.empty()).toList();
    };
  }

  private static List<Path> matching(Path folder, String glob) throws IOException {
    try (var files = Files.newDirectoryStream(folder, glob)) {
      List<Path> found = new ArrayList<>();
      files.forEach(found::add);
      found.sort(null);
      return found;
    }
  }
}

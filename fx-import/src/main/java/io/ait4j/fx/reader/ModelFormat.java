package io.ait4j.fx.reader;

import io.ait4j.fx.ModelException;
import java.nio.file.Path;

/** A format that models are read from. */
public enum ModelFormat {
  /** What {@code torch.jit.save} writes. */
  TORCHSCRIPT("TorchScript"),
  /** What {@code torch.export.save} writes, a {@code .pt2}. */
  EXPORT("torch.export"),
  /** What {@code torch.onnx.export} writes. */
  ONNX("ONNX");

  private final String text;

  ModelFormat(String text) {
    this.text = text;
  }

  /**
   * The format of a file, by its content.
   *
   * @throws ModelException (IMPORT) saying what the file is, if it is none of these, and what to do
   */
  public static ModelFormat of(Path file) {
    return FileContent.of(file).format();
  }

  /** What it is called. */
  @Override
  public String toString() {
    return text;
  }
}

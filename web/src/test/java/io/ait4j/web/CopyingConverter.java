package io.ait4j.web;

import io.ait4j.web.convert.ConversionFailed;
import io.ait4j.web.convert.ConversionListener;
import io.ait4j.web.convert.ConversionResult;
import io.ait4j.web.convert.ConversionTask;
import io.ait4j.web.convert.Converter;
import io.ait4j.web.convert.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Makes an artifact that is the model; a model "bad" fails, another one never ends. */
final class CopyingConverter implements Converter {
  private static final String REPORT =
      """
      [{"target": "cpu:native", "precision": "fp32", "nodes_total": 3, "nodes_ait": 2,
       "flops_ait_share": 0.5, "partitions": [{"name": "ait0", "kind": "ait", "nodes": 2}],
       "fallback_ops": {}, "inputs": [], "outputs": [], "nodes": [], "demotions": []}]""";

  private final String endless;

  /** Never ends for the model "slow". */
  CopyingConverter() {
    this("slow");
  }

  CopyingConverter(String endless) {
    this.endless = endless;
  }

  @Override
  public ConversionResult convert(ConversionTask task, ConversionListener listener)
      throws ConversionFailed, InterruptedException {
    listener.progress(Stage.IMPORT, 5, "reading");
    listener.log("a line");
    try {
      String model = Files.readString(task.model(), StandardCharsets.ISO_8859_1);
      if (model.equals("bad")) {
        throw new ConversionFailed(ConversionFailed.Cause.IMPORT, "it is bad");
      }
      if (model.equals(endless)) {
        Thread.sleep(Long.MAX_VALUE);
      }
      Path artifact = Files.copy(task.model(), task.folder().resolve("a"));
      Path json = Files.writeString(task.folder().resolve("r.json"), REPORT);
      Path html = Files.writeString(task.folder().resolve("r.html"), "<title>report</title>");
      return new ConversionResult(artifact, json, html, Optional.empty(), Map.of("import", 0.5));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

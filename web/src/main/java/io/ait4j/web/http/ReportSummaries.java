package io.ait4j.web.http;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ait4j.lower.LoweringReport;
import io.ait4j.web.jobs.Job;
import io.ait4j.web.store.FileStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How models were split, in a few lines: their reports without nodes and kernels, which can be
 * megabytes. Thread-safe.
 */
final class ReportSummaries {
  private static final Logger LOG = LoggerFactory.getLogger(ReportSummaries.class);
  private static final int KEPT = 100;
  private static final long MAX_REPORT_BYTES = 32L << 20;
  private static final int MAX_SUMMARY_CHARACTERS = 1 << 18;
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .addMixIn(LoweringReport.class, WithoutNodes.class)
          .addMixIn(LoweringReport.PartitionRow.class, WithoutKernels.class);

  private final FileStore store;
  private final Map<String, JsonNode> latest =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, JsonNode> eldest) {
          return size() > KEPT;
        }
      };

  ReportSummaries(FileStore store) {
    this.store = store;
  }

  /** What of a report is left out. */
  @JsonIgnoreProperties(
      value = {"nodes"},
      ignoreUnknown = true)
  private interface WithoutNodes {}

  /** Likewise of a partition. */
  @JsonIgnoreProperties(
      value = {"kernels"},
      ignoreUnknown = true)
  private interface WithoutKernels {}

  /**
   * One for each target; null if the report is gone, or not what a worker should have written:
   * whoever sent the model may have written it.
   */
  JsonNode find(Job.Artifact artifact) {
    synchronized (latest) {
      JsonNode known = latest.get(artifact.reportJsonKey());
      if (known != null) {
        return known;
      }
    }
    Optional<Long> bytes = store.size(artifact.reportJsonKey());
    if (bytes.isEmpty() || bytes.get() > MAX_REPORT_BYTES) {
      return null;
    }
    try (InputStream in = store.read(artifact.reportJsonKey(), 0, bytes.get())) {
      JsonNode summary = JSON.valueToTree(JSON.readValue(in, LoweringReport[].class));
      if (summary.toString().length() > MAX_SUMMARY_CHARACTERS) {
        return null; // no model is split like that
      }
      synchronized (latest) {
        latest.put(artifact.reportJsonKey(), summary);
      }
      return summary;
    } catch (IOException e) {
      LOG.warn("report {} cannot be read", artifact.reportJsonKey(), e);
      return null;
    }
  }
}

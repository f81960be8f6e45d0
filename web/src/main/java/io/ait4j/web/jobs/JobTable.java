package io.ait4j.web.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ait4j.web.convert.ConversionFailed;
import io.ait4j.web.convert.ConversionSettings;
import io.ait4j.web.convert.Stage;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.RowView;
import org.jdbi.v3.core.statement.Query;

/** Reads jobs: each is a row of its own, and that of the work which it may share with others. */
final class JobTable {
  static final String MODEL = "model";
  static final String WEIGHTS = "weights";
  static final String SAMPLE = "sample";

  /** A job's state, where it is {@code j} and its work {@code w}. */
  static final String STATE = "CASE WHEN j.cancelled IS NOT NULL THEN 'CANCELLED' ELSE w.state END";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SELECT =
      "SELECT j.id, j.owner, j.model_version, j.settings, j.created, j.cancelled, "
          + STATE
          + """
           AS state,
            w.stage, w.percent, w.message, w.started, w.finished, w.attempts, w.worker, w.cause,
            w.detail, w.seconds, w.artifact_sha256, w.artifact_bytes, w.artifact_key,
            w.report_json_key, w.report_html_key, w.measurements_key, f.id AS shared_with
          FROM job j JOIN work w ON w.id = j.work
          LEFT JOIN job f ON f.id = w.first_job AND f.id <> j.id
          """;

  private JobTable() {}

  /**
   * Jobs in some order.
   *
   * @param rest of the query, after the tables {@code j} and {@code w}
   */
  static List<Job> jobs(Handle handle, String rest, UnaryOperator<Query> binding) {
    List<Row> rows = binding.apply(handle.createQuery(SELECT + rest)).map(JobTable::row).list();
    if (rows.isEmpty()) {
      return List.of();
    }
    Map<String, Inputs> inputs = inputs(handle, rows.stream().map(Row::id).toList());
    return rows.stream().map(row -> row.job(inputs.get(row.id()))).toList();
  }

  static Optional<Job> find(Handle handle, String id) {
    return jobs(handle, "WHERE j.id = :id", query -> query.bind("id", id)).stream().findFirst();
  }

  private static Map<String, Inputs> inputs(Handle handle, List<String> jobs) {
    Map<String, Inputs> inputs = new HashMap<>();
    handle
        .createQuery(
            "SELECT i.job, i.role, %s FROM %s JOIN job_input i ON i.upload = u.id %s"
                .formatted(
                    Uploads.COLUMNS,
                    Uploads.TABLES,
                    "WHERE i.job IN (<jobs>) ORDER BY i.job, i.role, i.ordinal"))
        .bindList("jobs", jobs)
        .map(row -> new Input(text(row, "job"), text(row, "role"), Uploads.upload(row)))
        .forEach(input -> inputs.computeIfAbsent(input.job, job -> new Inputs()).add(input));
    return inputs;
  }

  private record Input(String job, String role, Upload upload) {}

  private static final class Inputs {
    private Upload model;
    private Optional<Upload> weights = Optional.empty();
    private final List<Upload> samples = new java.util.ArrayList<>();

    void add(Input input) {
      switch (input.role) {
        case MODEL -> model = input.upload;
        case WEIGHTS -> weights = Optional.of(input.upload);
        default -> samples.add(input.upload);
      }
    }
  }

  /** A job without its inputs. */
  private record Row(Job withoutInputs) {
    String id() {
      return withoutInputs.id();
    }

    Job job(Inputs inputs) {
      Job job = withoutInputs;
      return new Job(
          job.id(),
          job.owner(),
          job.state(),
          job.stage(),
          job.percent(),
          job.message(),
          inputs.model,
          inputs.weights,
          List.copyOf(inputs.samples),
          job.settings(),
          job.modelVersion(),
          job.created(),
          job.started(),
          job.finished(),
          job.attempts(),
          job.worker(),
          job.failure(),
          job.artifact(),
          job.seconds(),
          job.sharedWith());
    }
  }

  private static Row row(RowView row) {
    JobState state = JobState.valueOf(text(row, "state"));
    boolean cancelled = state == JobState.CANCELLED;
    Instant created = row.getColumn("created", Instant.class);
    Optional<Instant> finished =
        time(row, "cancelled").or(() -> time(row, "finished").map(at -> later(at, created)));
    Integer version = row.getColumn("model_version", Integer.class);
    return new Row(
        new Job(
            text(row, "id"),
            text(row, "owner"),
            state,
            Optional.ofNullable(text(row, "stage")).map(Stage::valueOf),
            row.getColumn("percent", Integer.class),
            cancelled ? "cancelled" : text(row, "message"),
            null,
            Optional.empty(),
            List.of(),
            settings(text(row, "settings")),
            version == null ? 0 : version,
            created,
            time(row, "started").map(at -> later(at, created)),
            finished,
            row.getColumn("attempts", Integer.class),
            text(row, "worker"),
            cancelled ? Optional.empty() : failure(row),
            cancelled ? Optional.empty() : artifact(row),
            read(text(row, "seconds"), new TypeReference<Map<String, Double>>() {}),
            Optional.ofNullable(text(row, "shared_with"))));
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private static Optional<Job.Failure> failure(RowView row) {
    return Optional.ofNullable(text(row, "cause"))
        .map(cause -> new Job.Failure(ConversionFailed.Cause.valueOf(cause), text(row, "detail")));
  }

  private static Optional<Job.Artifact> artifact(RowView row) {
    return Optional.ofNullable(text(row, "artifact_key"))
        .map(
            key ->
                new Job.Artifact(
                    text(row, "artifact_sha256"),
                    row.getColumn("artifact_bytes", Long.class),
                    key,
                    text(row, "report_json_key"),
                    text(row, "report_html_key"),
                    Optional.ofNullable(text(row, "measurements_key"))));
  }

  private static String text(RowView row, String column) {
    return row.getColumn(column, String.class);
  }

  private static Optional<Instant> time(RowView row, String column) {
    return Optional.ofNullable(row.getColumn(column, Instant.class));
  }

  static ConversionSettings settings(String json) {
    return read(json, new TypeReference<>() {});
  }

  static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T> T read(String json, TypeReference<T> type) {
    try {
      return JSON.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the database holds what was never written", e);
    }
  }
}

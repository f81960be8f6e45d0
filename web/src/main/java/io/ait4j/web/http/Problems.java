package io.ait4j.web.http;

import io.ait4j.web.convert.ConversionFailed;
import io.ait4j.web.http.Problem.Type;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The kinds of errors there are, each with what {@code /problems/<slug>} says of it. */
public final class Problems {
  private static final Map<String, Documented> ALL = new LinkedHashMap<>();

  /** A kind of error and, for people, what it means and what to do. */
  record Documented(Type type, String meaning) {}

  public static final Type BAD_REQUEST =
      type(
          "bad-request",
          "The request cannot be understood",
          400,
          "The request is not what the API describes; the detail names the member, parameter or"
              + " header. Correct it: sent again as it is, it fails again.");
  public static final Type INVALID_SETTINGS =
      type(
          "invalid-settings",
          "The settings of the conversion are wrong",
          400,
          "The part \"settings\" is not JSON, has members that do not exist, or values that cannot"
              + " be. The errors list them one by one.");
  public static final Type UNAUTHENTICATED =
      type(
          "unauthenticated",
          "A valid API key is missing",
          401,
          "Send the header \"Authorization: Bearer KEY\" with a key that the operator made by"
              + " \"ait4j keys create\" and did not revoke.");
  public static final Type FORBIDDEN =
      type(
          "forbidden",
          "The caller may not do this",
          403,
          "The key lacks the scope that the detail names, or another site's page made the request."
              + " Ask the operator for a key with that scope.");
  public static final Type NOT_FOUND =
      type(
          "not-found",
          "There is no such thing",
          404,
          "Nothing has this path or id, or it belongs to another key. What retention removed is not"
              + " found either.");
  public static final Type METHOD_NOT_ALLOWED =
      type(
          "method-not-allowed",
          "The path does not take this method",
          405,
          "The header Allow lists the methods that it takes.");
  public static final Type NOT_ACCEPTABLE =
      type(
          "not-acceptable",
          "None of the accepted media types is to be had",
          406,
          "The detail lists the media types that there are; change the header Accept.");
  public static final Type TIMEOUT =
      type(
          "timeout",
          "The request came too slowly",
          408,
          "The sender stopped, or sent fewer bytes per second than the server's minimum.");
  public static final Type NOT_READY =
      type(
          "not-ready",
          "The conversion has no result yet",
          409,
          "It waits, runs, failed or was cancelled; the detail says which. Follow its events.");
  public static final Type NAME_TAKEN =
      type(
          "name-taken",
          "The model's name belongs to somebody else",
          409,
          "Names of models belong to whoever used them first. Choose another one.");
  public static final Type GONE =
      type(
          "gone",
          "The result was removed",
          410,
          "Retention, or somebody, removed the file. Convert the model again.");
  public static final Type TOO_LARGE =
      type(
          "too-large",
          "The request is too large",
          413,
          "It is larger than the server takes; the detail gives the limit. The operator sets it.");
  public static final Type UNSUPPORTED_MEDIA_TYPE =
      type(
          "unsupported-media-type",
          "The request's media type is not taken",
          415,
          "The detail names the media type that the path takes.");
  public static final Type RANGE_NOT_SATISFIABLE =
      type(
          "range-not-satisfiable",
          "The range lies outside of the file",
          416,
          "The header Content-Range gives the file's size.");
  public static final Type WRONG_HOST =
      type(
          "wrong-host",
          "The server does not answer for this host",
          421,
          "A server without keys answers on this machine's own names only, lest other sites' pages"
              + " reach it. Use localhost, or make a key.");
  public static final Type IDEMPOTENCY_KEY_REUSED =
      type(
          "idempotency-key-reused",
          "The Idempotency-Key belongs to another request",
          422,
          "The same key came before with another model, other files or other settings. Use a new"
              + " key for a new request.");
  public static final Type TOO_MANY_REQUESTS =
      type(
          "too-many-requests",
          "Too many requests",
          429,
          "A queue is full, the caller is faster than its rate, or it has as much of what is limited"
              + " as it leaves to others. Wait for the seconds that the header Retry-After gives.");
  public static final Type HEADERS_TOO_LARGE =
      type(
          "headers-too-large",
          "The request's headers are too large",
          431,
          "Headers and path together are larger than the server takes.");
  public static final Type CALLER_GONE =
      type(
          "caller-gone",
          "The caller hung up",
          499,
          "The connection was closed, or its sending half was, before the answer. Who waits for an"
              + " answer keeps the connection open. Logs and metrics have this status too for"
              + " answers that were broken off.");
  public static final Type INFERENCE_FAILED =
      type(
          "inference-failed",
          "The model failed on these inputs",
          422,
          "The inputs have the right types and shapes, but the model cannot run on their numbers: an"
              + " index out of range, for example. The detail names the operator.");
  public static final Type DEFECT =
      type(
          "defect",
          "The server failed",
          500,
          "This is a defect of ait4j or of what it runs on. The operator finds the request's id in"
              + " the log.");
  public static final Type WORKER_DIED =
      type(
          "worker-died",
          "The model's worker process ended",
          500,
          "It died, ran out of its memory or hung while it ran the request. It is started again by"
              + " the next request; after three times in a row the model is unavailable.");
  public static final Type UNAVAILABLE =
      type(
          "unavailable",
          "The server takes no work now",
          503,
          "It is being shut down, or its database is away. Try again, on another server if there"
              + " are several.");
  public static final Type MODEL_UNAVAILABLE =
      type(
          "model-unavailable",
          "The model cannot be served now",
          503,
          "It cannot be loaded, its worker process keeps dying, or other models in use leave no"
              + " memory for it. The detail says which. An administrator can load it anew.");
  public static final Type INFERENCE_TIMEOUT =
      type(
          "inference-timeout",
          "The model gave no result in time",
          504,
          "Neither within the request's own timeout, if it has one, nor within the server's. Try"
              + " again, or ask the operator for more time.");
  public static final Type INSUFFICIENT_STORAGE =
      type(
          "insufficient-storage",
          "The server's disk is full",
          507,
          "The upload would leave less free space than the server keeps. Nothing of it was kept."
              + " Try later, or tell the operator.");

  private Problems() {}

  private static Type type(String slug, String title, int status, String meaning) {
    Type type = new Type(slug, title, status);
    ALL.put(slug, new Documented(type, meaning));
    return type;
  }

  static {
    for (ConversionFailed.Cause cause : ConversionFailed.Cause.values()) {
      Type type = new Type("conversion-" + cause, title(cause), 422);
      ALL.put(type.slug(), new Documented(type, meaning(cause)));
    }
  }

  /** Why a conversion failed, as it stands in the job; no response has its status. */
  static Type conversion(ConversionFailed.Cause cause) {
    return ALL.get("conversion-" + cause).type();
  }

  static Optional<Documented> find(String slug) {
    return Optional.ofNullable(ALL.get(slug));
  }

  static Map<String, Documented> all() {
    return Collections.unmodifiableMap(ALL);
  }

  /** The kind for a status that Jetty or Javalin gave. */
  static Type ofStatus(int status) {
    return ALL.values().stream()
        .map(Documented::type)
        .filter(t -> t.status() == status)
        .findFirst()
        .orElse(status < 500 ? new Type("bad-request", BAD_REQUEST.title(), status) : DEFECT);
  }

  /** What to say of a request that Jetty or Javalin refused with this status. */
  static String detail(int status) {
    return switch (status) {
      case 400 -> "the request is no HTTP that this server takes";
      case 404 -> "nothing is at this path";
      case 408 -> "the request stopped coming";
      case 413 -> "the body is larger than this path takes";
      case 414 -> "the path is too long";
      case 431 -> "the headers are larger than this server takes";
      default -> "the request is refused with status " + status;
    };
  }

  private static String title(ConversionFailed.Cause cause) {
    return switch (cause) {
      case USAGE -> "The settings do not fit the model";
      case IMPORT -> "The model cannot be read";
      case COMPILE -> "A part of the model cannot be compiled";
      case RUN -> "The converted model failed while it ran";
      case IO -> "A file cannot be written";
      case MISMATCH -> "The outputs are not those recorded";
      case MEMORY_LIMIT -> "The conversion wants more memory than it may take";
      case TIME_LIMIT -> "The conversion wants more time than it may take";
      case DISK_LIMIT -> "The conversion wants more disk than it may take";
      case CRASH -> "The conversion's worker process died";
      case DEFECT -> "The conversion failed by a defect of ait4j";
    };
  }

  private static String meaning(ConversionFailed.Cause cause) {
    return switch (cause) {
      case USAGE -> "Names, shapes or types in the settings are not the model's. Correct them.";
      case IMPORT ->
          "The file is in no format that is read, is damaged, or has an operator that a service"
              + " refuses. The detail says what and where.";
      case COMPILE -> "The detail names the partition. Exclude its operator, or report it.";
      case RUN -> "The samples do not fit the model, or an operator refused its numbers.";
      case IO -> "The server's disk refused a file. Tell the operator.";
      case MISMATCH ->
          "The module's outputs on the samples differ from the recorded ones by more than the"
              + " precision allows. The log has the numbers.";
      case MEMORY_LIMIT, TIME_LIMIT, DISK_LIMIT ->
          "The operator sets how much a conversion may take. Ask for more, or convert a smaller"
              + " model.";
      case CRASH -> "The process died three times in a row. Report it with the model.";
      case DEFECT -> "Report it with the model and the log.";
    };
  }
}

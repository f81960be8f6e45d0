package io.ait4j.web.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** An error as {@code application/problem+json}. */
final class ProblemJson {
  static final String MEDIA_TYPE = "application/problem+json";

  private static final ObjectMapper JSON = new ObjectMapper();

  private ProblemJson() {}

  /**
   * @param requestId by which the log has the request; null if it was refused before it had one
   */
  static byte[] of(
      Problem.Type type, String detail, List<String> errors, String path, String requestId) {
    ObjectNode problem = JSON.createObjectNode();
    problem.put("type", "/problems/" + type.slug());
    problem.put("title", type.title());
    problem.put("status", type.status());
    problem.put("detail", detail);
    if (requestId != null) {
      problem.put("instance", "urn:ait4j:request:" + requestId);
    }
    if (!errors.isEmpty()) {
      errors.forEach(problem.putArray("errors")::add);
    }
    if (path != null && (path.equals("/v2") || path.startsWith("/v2/"))) {
      problem.put("error", detail);
    }
    try {
      return JSON.writeValueAsBytes(problem);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // a tree of texts and numbers
    }
  }
}

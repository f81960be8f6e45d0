package io.ait4j.web.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ait4j.compiler.build.Sha256;
import io.ait4j.lower.CodeIdentity;
import java.io.IOException;
import java.util.UUID;

/**
 * What decides a conversion's result: contents, settings, ait4j itself; not the model's name. The
 * owner is a part too: a hostile model may have got at its owner's compiled code, and nobody else's
 * result may come from that, nor tell what others have converted.
 */
final class Fingerprint {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String code;

  Fingerprint() {
    String identity;
    try {
      identity = CodeIdentity.hash();
    } catch (IOException e) {
      identity = UUID.randomUUID().toString(); // nothing is shared with code that is not known
    }
    code = identity;
  }

  /** Of the conversion: the same for all jobs that may share a result. */
  String conversion(Submission submission) {
    ObjectNode settings = JSON.valueToTree(submission.settings());
    settings.remove("name");
    return files(
        submission, new Sha256().add(submission.owner()).add(code).add(settings.toString()));
  }

  /** Of the request, whatever the version of ait4j: what an idempotency key stands for. */
  static String request(Submission submission) {
    return files(submission, new Sha256().add(JSON.valueToTree(submission.settings()).toString()));
  }

  private static String files(Submission submission, Sha256 hash) {
    hash.add("model").add(submission.model().sha256());
    submission.weights().ifPresent(weights -> hash.add("weights").add(weights.sha256()));
    submission.samples().forEach(sample -> hash.add("sample").add(sample.sha256()));
    return hash.hex();
  }
}

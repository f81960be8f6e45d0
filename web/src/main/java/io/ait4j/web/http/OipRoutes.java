package io.ait4j.web.http;

import io.ait4j.web.access.Scope;
import io.ait4j.web.infer.InferenceFailed;
import io.ait4j.web.infer.InferenceRequest;
import io.ait4j.web.infer.InferenceResult;
import io.ait4j.web.infer.ModelFile;
import io.ait4j.web.infer.ServedModels;
import io.ait4j.web.infer.TensorDescription;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Inference by the Open Inference Protocol with Triton's binary tensors. */
public final class OipRoutes implements Routes {
  private static final Logger LOG = LoggerFactory.getLogger(OipRoutes.class);

  static final String JSON_LENGTH = "Inference-Header-Content-Length";

  /** What a refused request may still send, so that its sender comes to read the refusal. */
  private static final long MAX_SKIPPED_BYTES = 64L << 20;

  private final ServedModels models;
  private final InferenceBodies bodies;
  private final Drain drain;

  /**
   * @param drain whether the server is about to end
   */
  public OipRoutes(ServedModels models, HttpSettings settings, Drain drain) {
    this.models = models;
    this.bodies = new InferenceBodies(settings);
    this.drain = drain;
  }

  @Override
  public void addTo(Javalin app) {
    app.post("/v2/models/{model}/infer", this::infer, Scope.INFER);
    app.post("/v2/models/{model}/versions/{version}/infer", this::infer, Scope.INFER);
  }

  private void infer(Context ctx) throws IOException {
    InputStream body = ctx.req().getInputStream();
    try {
      drain.refuseNewWork();
      if (ctx.header("Content-Encoding") != null) {
        throw new Problem(
            Problems.UNSUPPORTED_MEDIA_TYPE,
            "requests are taken as they are, without Content-Encoding: "
                + ctx.header("Content-Encoding"));
      }
      long jsonLength = jsonLength(ctx);
      ModelFile model = models.expect(ctx.pathParam("model"), OipModelRoutes.version(ctx));
      try (InputStream whole = bodies.receive(ctx, models.limit())) {
        infer(ctx, model, whole, jsonLength);
      }
    } catch (InferenceFailed e) {
      skip(body);
      throw OipProblems.of(e);
    } catch (Problem e) {
      if (e.type() != Problems.TOO_LARGE && e.type() != Problems.TIMEOUT) {
        skip(body);
      }
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Problem(Problems.UNAVAILABLE, "the server is being shut down");
    }
  }

  private void infer(Context ctx, ModelFile model, InputStream body, long jsonLength)
      throws IOException, InferenceFailed, InterruptedException {
    try (InferenceRequest request = models.begin(model)) {
      OipRequest read = OipRequest.read(body, jsonLength, request);
      body.close(); // what waits in the queue has no part in it any more
      for (TensorDescription output : request.description().outputs()) {
        if (read.wants(output.name())
            && !output.datatype().hasJson()
            && !read.isBinary(output.name())) {
          throw OipJson.bad(
              "output '%s' is %s, which has no form in JSON; ask for it by \"binary_data\": true"
                  .formatted(output.name(), output.datatype()));
        }
      }
      try (InferenceResult result = request.run(read.patience(), new Peer(ctx)::isGone);
          HeldMemory.Reading reading = HeldMemory.reading(ctx, request.limit())) {
        new OipResponse(read, ctx.pathParam("model"), request.version(), result).write(ctx);
      }
    }
  }

  private static long jsonLength(Context ctx) {
    Optional<String> header = Optional.ofNullable(ctx.header(JSON_LENGTH));
    if (header.isEmpty()) {
      return -1;
    }
    try {
      long length = Long.parseLong(header.get().strip());
      long whole = ctx.req().getContentLengthLong();
      if (length >= 0 && (whole < 0 || length <= whole)) {
        return length;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw OipJson.bad(
        "%s: %s is not a number of bytes of the body".formatted(JSON_LENGTH, header.get()));
  }

  private static void skip(InputStream body) {
    byte[] chunk = new byte[1 << 14];
    long skipped = 0;
    try {
      for (int count = 0; count >= 0 && skipped < MAX_SKIPPED_BYTES; skipped += count) {
        count = body.read(chunk);
      }
    } catch (IOException | Problem e) {
      LOG.debug("the rest of a refused body does not come", e);
    }
  }
}

package io.ait4j.web.http;

import io.ait4j.web.jobs.Job;
import io.ait4j.web.jobs.Jobs;
import io.javalin.http.Context;
import java.util.regex.Pattern;

/** The job that a path names, if it is the caller's to see. */
final class CallersJobs {
  private static final Pattern ID = Pattern.compile("c-[a-z0-9]{26}");

  private CallersJobs() {}

  static Job find(Jobs jobs, Context ctx) {
    Caller caller = Caller.of(ctx);
    String id = ctx.pathParam("id");
    if (!ID.matcher(id).matches()) {
      throw missing(id);
    }
    return jobs.find(id).filter(job -> caller.owns(job.owner())).orElseThrow(() -> missing(id));
  }

  /** Refuses what cannot be a conversion's id. */
  static String id(String text) {
    if (!ID.matcher(text).matches()) {
      throw new Problem(
          Problems.BAD_REQUEST,
          "'%s' is no id of a conversion".formatted(FileNames.plain(text, "")));
    }
    return text;
  }

  private static Problem missing(String id) {
    return new Problem(Problems.NOT_FOUND, "there is no conversion " + id + " of yours");
  }
}

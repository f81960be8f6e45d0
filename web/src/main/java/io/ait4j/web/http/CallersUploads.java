package io.ait4j.web.http;

import io.ait4j.web.jobs.Jobs;
import io.ait4j.web.jobs.Upload;
import java.util.regex.Pattern;

/** The upload that a request names, if it is the caller's to use. */
final class CallersUploads {
  private static final Pattern ID = Pattern.compile("u-[a-z0-9]{26}");

  private CallersUploads() {}

  static Upload find(Jobs jobs, Caller caller, String id) {
    if (!ID.matcher(id).matches()) {
      throw missing(id);
    }
    return jobs.findUpload(id)
        .filter(upload -> caller.owns(upload.owner()))
        .orElseThrow(() -> missing(id));
  }

  private static Problem missing(String id) {
    return new Problem(
        Problems.NOT_FOUND, "there is no upload %s of yours".formatted(FileNames.plain(id, "")));
  }
}

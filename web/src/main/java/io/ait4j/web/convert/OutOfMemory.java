package io.ait4j.web.convert;

import io.ait4j.lower.LoweringReport;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whether something failed for want of memory, by what libtorch and C++ compilers say of it. */
final class OutOfMemory {
  private static final Pattern WORDS =
      Pattern.compile(
          "can't allocate memory|std::bad_alloc|[Cc]annot allocate memory|out of memory"
              + "|virtual memory exhausted");

  private OutOfMemory() {}

  static boolean told(String message) {
    return message != null && WORDS.matcher(message).find();
  }

  /**
   * A partition whose compiler had too little memory is left to libtorch, where nobody wants it.
   *
   * @throws ConversionFailed (MEMORY_LIMIT) if there is one
   */
  static void check(List<LoweringReport> reports) throws ConversionFailed {
    Optional<String> demotion =
        reports.stream()
            .flatMap(report -> report.demotions().stream())
            .filter(OutOfMemory::told)
            .findFirst();
    if (demotion.isPresent()) {
      throw new ConversionFailed(
          ConversionFailed.Cause.MEMORY_LIMIT,
          "the C++ compiler had too little memory; ask the operator for more: " + demotion.get());
    }
  }
}

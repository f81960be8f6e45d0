package io.ait4j.web.convert;

import io.ait4j.lower.LoweringReport;
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
  static void check(LoweringReport report) throws ConversionFailed {
    Optional<String> demotion = report.demotions().stream().filter(OutOfMemory::told).findFirst();
    if (demotion.isPresent()) {
      throw new ConversionFailed(
          ConversionFailed.Cause.MEMORY_LIMIT,
          "the C++ compiler had too little memory; ask the operator for more: " + demotion.get());
    }
  }
}

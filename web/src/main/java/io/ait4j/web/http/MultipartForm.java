package io.ait4j.web.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.fileupload2.core.FileItemInput;
import org.apache.commons.fileupload2.core.FileItemInputIterator;
import org.apache.commons.fileupload2.jakarta.servlet5.JakartaServletFileUpload;

/**
 * The parts of a {@code multipart/form-data} body: files on disk, texts in memory. Parts that
 * nothing asks for are refused.
 */
record MultipartForm(Map<String, List<ReceivedFile>> files, Map<String, List<String>> texts) {
  private static final int MAX_PARTS = 64;
  private static final int MAX_TEXT_BYTES = 1 << 16;

  /**
   * Reads a body to its end.
   *
   * @param fileParts names of parts that are files
   * @param textParts names of parts that are texts
   */
  static MultipartForm read(
      HttpServletRequest request, Receiver receiver, Set<String> fileParts, Set<String> textParts)
      throws IOException {
    if (!JakartaServletFileUpload.isMultipartContent(request)) {
      throw new Problem(
          Problems.UNSUPPORTED_MEDIA_TYPE,
          "this path takes multipart/form-data with " + names(fileParts, textParts));
    }
    JakartaServletFileUpload<?, ?> parser = new JakartaServletFileUpload<>();
    parser.setHeaderCharset(StandardCharsets.UTF_8);
    MultipartForm form = new MultipartForm(new LinkedHashMap<>(), new LinkedHashMap<>());
    FileItemInputIterator parts = parser.getItemIterator(request);
    for (int count = 0; parts.hasNext(); count++) {
      if (count == MAX_PARTS) {
        throw new Problem(Problems.TOO_LARGE, "a body has at most %d parts".formatted(MAX_PARTS));
      }
      FileItemInput part = parts.next();
      String name = part.getFieldName();
      try (InputStream in = part.getInputStream()) {
        if (name != null && fileParts.contains(name)) {
          form.files
              .computeIfAbsent(name, n -> new ArrayList<>())
              .add(receiver.receive(in, FileNames.plain(part.getName(), name)));
        } else if (name != null && textParts.contains(name)) {
          form.texts.computeIfAbsent(name, n -> new ArrayList<>()).add(text(name, in));
        } else {
          throw new Problem(
              Problems.BAD_REQUEST,
              "there is no part '%s'; take %s"
                  .formatted(FileNames.plain(name, ""), names(fileParts, textParts)));
        }
      }
    }
    return form;
  }

  private static String text(String name, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_TEXT_BYTES + 1);
    if (bytes.length > MAX_TEXT_BYTES) {
      throw new Problem(
          Problems.TOO_LARGE,
          "the part %s is larger than %d bytes".formatted(name, MAX_TEXT_BYTES));
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String names(Set<String> fileParts, Set<String> textParts) {
    List<String> all = new ArrayList<>(fileParts);
    all.addAll(textParts);
    return (all.size() == 1 ? "the part " : "the parts ")
        + String.join(", ", all.stream().sorted().toList());
  }

  List<ReceivedFile> files(String name) {
    return files.getOrDefault(name, List.of());
  }

  List<String> texts(String name) {
    return texts.getOrDefault(name, List.of());
  }

  Optional<ReceivedFile> file(String name) {
    return atMostOne(name, files(name));
  }

  Optional<String> text(String name) {
    return atMostOne(name, texts(name));
  }

  private static <T> Optional<T> atMostOne(String name, List<T> parts) {
    if (parts.size() > 1) {
      throw new Problem(
          Problems.BAD_REQUEST, "the part %s comes %d times".formatted(name, parts.size()));
    }
    return parts.stream().findFirst();
  }
}

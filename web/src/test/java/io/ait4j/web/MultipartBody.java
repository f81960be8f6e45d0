package io.ait4j.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A form as a browser sends it. */
final class MultipartBody {
  private static final String BOUNDARY = "ait4j-test-boundary";

  private final List<byte[]> parts = new ArrayList<>();

  MultipartBody file(String name, Path file) throws IOException {
    return file(name, file.getFileName().toString(), Files.readAllBytes(file));
  }

  MultipartBody file(String name, String fileName, byte[] content) {
    return part(
        "name=\"%s\"; filename=\"%s\"".formatted(name, fileName),
        "application/octet-stream",
        content);
  }

  MultipartBody text(String name, String content) {
    return part(
        "name=\"%s\"".formatted(name),
        "application/json",
        content.getBytes(StandardCharsets.UTF_8));
  }

  private MultipartBody part(String disposition, String type, byte[] content) {
    add("--%s\r\nContent-Disposition: form-data; %s\r\n".formatted(BOUNDARY, disposition));
    add("Content-Type: %s\r\n\r\n".formatted(type));
    parts.add(content);
    add("\r\n");
    return this;
  }

  private void add(String text) {
    parts.add(text.getBytes(StandardCharsets.UTF_8));
  }

  String contentType() {
    return "multipart/form-data; boundary=" + BOUNDARY;
  }

  List<byte[]> parts() {
    List<byte[]> all = new ArrayList<>(parts);
    all.add(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
    return all;
  }
}

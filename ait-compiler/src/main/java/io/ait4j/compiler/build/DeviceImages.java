package io.ait4j.compiler.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Device code as data of a library, where {@code launch.h} finds it. */
final class DeviceImages {
  private static final String NAME = "device_images";

  private DeviceImages() {}

  /**
   * Makes an object file of fatbins.
   *
   * @param images names of files in {@code folder}
   * @return its name
   */
  static String compile(CxxCompiler compiler, List<String> images, Path folder) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < images.size(); i++) {
      text.append(
          """
          asm(".section .rodata\\n.balign 64\\n.globl ait_image_%1$d\\n.hidden ait_image_%1$d\\n"
              "ait_image_%1$d:\\n.incbin \\"%2$s\\"\\n.byte 0\\n.text\\n");
          extern "C" __attribute__((visibility("hidden"))) const char ait_image_%1$d[];
          """
              .formatted(i, images.get(i)));
    }
    text.append("namespace ait __attribute__((visibility(\"hidden\"))) {\n");
    text.append("extern const char* const device_images[] = {");
    for (int i = 0; i < images.size(); i++) {
      text.append("ait_image_").append(i).append(", ");
    }
    text.append("nullptr};\n}\n");
    Files.writeString(folder.resolve(NAME + ".cpp"), text);
    List<String> command = new ArrayList<>(compiler.command());
    command.addAll(List.of("-O1", "-fPIC", "-c", NAME + ".cpp", "-o", NAME + ".o"));
    CompilerProcess.run(command, folder);
    return NAME + ".o";
  }
}

package io.ait4j.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.lower.Version;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenApiTest {
  @TempDir Path folder;

  @Test
  void describesEachRouteAndNoOther() throws Exception {
    try (ApiServer api = ApiServer.start(folder, new CopyingConverter())) {
      SwaggerParseResult parsed =
          new OpenAPIV3Parser().readContents(ApiServer.text(api.get("/openapi.yaml")));
      assertThat(parsed.getMessages()).isEmpty();
      assertThat(parsed.getOpenAPI().getInfo().getVersion()).isEqualTo(Version.NUMBER);
      assertThat(Path.of("pom.xml")).content().contains("<version>" + Version.NUMBER);
      List<String> described =
          parsed.getOpenAPI().getPaths().entrySet().stream()
              .flatMap(OpenApiTest::operations)
              .toList();
      assertThat(described).containsExactlyInAnyOrderElementsOf(api.server().endpoints());
    }
  }

  private static Stream<String> operations(Map.Entry<String, PathItem> path) {
    return path.getValue().readOperationsMap().keySet().stream()
        .map(method -> method + " " + path.getKey());
  }
}

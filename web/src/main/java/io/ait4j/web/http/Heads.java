package io.ait4j.web.http;

import io.javalin.http.Context;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;

/** Lets the handlers of GET answer HEAD, whose body Jetty leaves out; Javalin would say 200. */
final class Heads implements Filter {
  private static final String ATTRIBUTE = "ait4j.head";

  /** Whether the request is one for headers only. */
  static boolean is(Context ctx) {
    return ctx.req().getAttribute(ATTRIBUTE) != null;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest http = (HttpServletRequest) request;
    if (!"HEAD".equals(http.getMethod())) {
      chain.doFilter(request, response);
      return;
    }
    request.setAttribute(ATTRIBUTE, Boolean.TRUE);
    chain.doFilter(
        new HttpServletRequestWrapper(http) {
          @Override
          public String getMethod() {
            return "GET";
          }
        },
        response);
  }
}

package io.ait4j.web.http;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Refuses bodies that come too slowly. It counts the time for which the server waited for bytes,
 * not that in which it worked on them, as Jetty's own limit does, and lets a sender begin slowly.
 */
final class SenderPace implements Filter {
  private static final long GRACE_NANOS = Duration.ofSeconds(5).toNanos();

  private final long bytesPerSecond;

  SenderPace(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    chain.doFilter(
        new HttpServletRequestWrapper((HttpServletRequest) request) {
          private Body body;

          @Override
          public ServletInputStream getInputStream() throws IOException {
            if (body == null) {
              body = new Body(super.getInputStream());
            }
            return body;
          }
        },
        response);
  }

  private final class Body extends ServletInputStream {
    private final ServletInputStream in;
    private long bytes;
    private long waited;

    Body(ServletInputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      long begin = System.nanoTime();
      int read = in.read();
      count(read < 0 ? 0 : 1, begin);
      return read;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      long begin = System.nanoTime();
      int read = in.read(buffer, offset, length);
      count(read, begin);
      return read;
    }

    private void count(int read, long begin) {
      waited += System.nanoTime() - begin;
      bytes += Math.max(0, read);
      long slack = waited - GRACE_NANOS;
      if (slack > 0 && bytes < (double) slack / TimeUnit.SECONDS.toNanos(1) * bytesPerSecond) {
        throw new Problem(
            Problems.TIMEOUT,
            "the body comes at less than %d bytes per second".formatted(bytesPerSecond));
      }
    }

    @Override
    public int available() throws IOException {
      return in.available();
    }

    @Override
    public boolean isFinished() {
      return in.isFinished();
    }

    @Override
    public boolean isReady() {
      return in.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      in.setReadListener(listener);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}

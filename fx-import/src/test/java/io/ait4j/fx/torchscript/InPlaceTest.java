package io.ait4j.fx.torchscript;

import static io.ait4j.fx.torchscript.Scripts.check;
import static io.ait4j.fx.torchscript.Scripts.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.ModelException;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes in place, and who sees them. Each body works on y, a copy of x of shape [4, 6]. */
class InPlaceTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "y.add_(1)",
        "y += x",
        "y.relu_()",
        "y.mul_(2).sub_(x)",
        "y.zero_()",
        "y.fill_(3.5)",
        "y.copy_(x[0])",
        "y.masked_fill_(y > 5, -1.0)",
        "y.clamp_(2.0, 7.0)",
        "y[:, 0] = 1.5",
        "y[1] = x[2]",
        "y[1:3, ::2] = 7.0",
        "y[1:3, ::2] += x[0:2, 0:3]",
        "y[:, -1].zero_()",
        "y.view(6, 4)[2].mul_(10)",
        "y.t()[1].add_(5)",
        "y.permute(1, 0)[2:4].neg_()",
        "y.unsqueeze(0)[0, 1] = 9.0",
        "y.unflatten(1, [2, 3])[:, 1].exp_()",
        "y.view(-1).view(3, 8).t()[2].fill_(4.0)",
        "y.narrow(1, 2, 3).fill_(1.0)",
        "y.chunk(2, 1)[1].mul_(3.0)",
        "y.split([1, 3], 0)[1].mul_(3.0)",
        "y.unbind(1)[4].sub_(1.0)",
        "y.diagonal().fill_(0.5)",
        "y.reshape(24)[5:9].zero_()",
        "y.flatten()[3] = -2.0",
        "y.contiguous().add_(1)",
        "y.detach().add_(1)",
        "y.to(6).add_(1)",
        "torch.dropout(y, 0.5, False).add_(1)",
        "y.index_put_([torch.tensor([0, 2])], x[0:2])",
        "y.scatter_(1, torch.zeros([4, 1], dtype=4), 8.0)",
        "y.unsqueeze_(0)",
        "y.transpose_(0, 1)"
      })
  void aWriteIsSeenByTheTensorItsViewsAndWhatIsReadLater(String write) {
    check(
        """
        def forward(self, x):
            y = x + 0
            before = y * 1
            row = y[1]
            column = y.select(1, 0)
            flat = y.view(-1)
            %s
            return y, before, row, column, flat.sum(), y.transpose(0, 1) * 2, row + column[0]
        """
            .formatted(write),
        range(4, 6));
  }

  @Test
  void aViewMadeBeforeTheWriteSeesIt() {
    check(
        """
        def forward(self, x):
            y = x.clone()
            a = y[1:3]
            b = a.t()
            c = y.view(2, 12)
            a.mul_(2)
            b[0].add_(100)
            c[1, 11] = -1
            return a, b, c, y
        """,
        range(4, 6));
  }

  @Test
  void aCopyMadeBeforeTheWriteDoesNot() {
    check(
        """
        def forward(self, x):
            y = x.clone()
            a = y.clone()
            b = y.t().contiguous()
            c = y.t().reshape(24)
            d = y.to(7)
            y.add_(1)
            return a, b, c, d, y
        """,
        range(4, 6));
  }

  @Test
  void aWriteOfAnotherTypeIsConverted() {
    check(
        """
        def forward(self, x):
            y = torch.zeros([4, 6], dtype=4)
            y.copy_(x)
            y[0] = x[1] * 1.5
            z = x.to(7)
            w = x.clone()
            w.add_(z)
            return y, w
        """,
        range(4, 6));
  }

  @Test
  void aTensorKeepsItsLayoutWhenItIsWritten() {
    check(
        """
        def forward(self, x):
            y = torch.zeros([6, 4])
            y.copy_(x.t())
            y += x.t()
            return y.view(24), y.view(3, 8)
        """,
        range(4, 6));
  }

  @Test
  void twoTensorsOfOneBufferAreFilledPieceByPiece() {
    check(
        """
        def forward(self, x):
            out = torch.empty([4, 12])
            out[:, :6] = x
            out[:, 6:] = x * 2
            mask = torch.zeros([1, 8, 8, 1])
            cnt = 0
            for i in range(2):
                for j in range(2):
                    mask[:, i*4:(i+1)*4, j*4:(j+1)*4, :] = cnt
                    cnt += 1
            return out, mask
        """,
        range(4, 6));
  }

  @Test
  void asStridedSeesTheWholeStorage() {
    check(
        """
        def forward(self, x):
            y = x + 0
            z = torch.zeros([4, 6])
            z.copy_(y[0:1])
            windows = y.as_strided([3, 4], [6, 2], 1)
            again = y[1].as_strided([2, 3], [3, 2], 2)
            return windows, again, z.as_strided([2, 2], [7, 1])
        """,
        range(4, 6));
    assertThatThrownBy(
            () ->
                check(
                    """
                    def forward(self, x):
                        y = x + 0
                        y.as_strided([2], [1], 3).zero_()
                        return y
                    """,
                    range(4, 6)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("may or may not");
  }

  @Test
  void aLiteralIsMadeAnewEachTime() {
    check(
        """
        def forward(self, x):
            out = x
            for i in range(3):
                t = torch.tensor([1.0, 2.0, 3.0])
                t[0] += i
                out = out + t
            return out
        """,
        range(3));
  }

  @Test
  void numbersAreCopiedIn() {
    check(
        """
        def forward(self, x):
            y = x.to(4)
            y[0] = 7.9
            z = x + 0
            z[1:] = float(x.size(0))
            return y, z
        """,
        range(3));
  }

  @Test
  void anExpandedViewIsNotWritten() {
    assertThatThrownBy(
            () ->
                check(
                    """
                    def forward(self, x):
                        y = x + 0
                        y.unsqueeze(0).expand(3, 4, 6).copy_(x)
                        return y
                    """,
                    range(4, 6)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("aten::expand");
  }

  @Test
  void theGraphHoldsNoTraceOfDeadWrites() {
    var graph =
        check(
            """
            def forward(self, x):
                y = x + 0
                y.zero_()
                y.fill_(2.0)
                return x * y
            """,
            range(3));
    assertThat(Scripts.targets(graph)).containsExactly("aten::full", "aten::mul.Tensor");
  }

  @Test
  void channelsLastStaysChannelsLast() {
    Tensor x = range(2, 3, 4, 5).contiguous(torch.MemoryFormat.ChannelsLast);
    check(
        """
        def forward(self, x):
            y = x.clone()
            y.relu_()
            y += torch.ones([2, 3, 4, 5])
            return y, y.permute(0, 2, 3, 1).view(40, 3)
        """,
        x);
  }
}

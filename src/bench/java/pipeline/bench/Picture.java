package pipeline.bench;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.io.IOException;
import java.nio.file.Path;
import java.text.NumberFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jfree.chart.ChartUtils;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnitSource;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.CombinedDomainXYPlot;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** How medians grow with the amount of work: one diagram above the other, over one axis, a line for each contestant. */
final class Picture {
    private static final int WIDTH = 800;
    private static final int HEIGHT = 700;
    private static final Shape DOT = new Ellipse2D.Double(-3, -3, 6, 6);
    private static final List<Color> COLOURS = List.of(
            new Color(0xD62728),
            new Color(0x1F77B4),
            new Color(0x2CA02C),
            new Color(0xFF7F0E),
            new Color(0x7F7F7F),
            new Color(0x9467BD));

    private final CombinedDomainXYPlot plot;
    private final ToDoubleFunction<Median> work;

    /**
     * @param amount what the axis says
     * @param work where on the axis a scenario lies
     */
    Picture(String amount, ToDoubleFunction<Median> work) {
        LogAxis axis = new LogAxis(amount);
        axis.setStandardTickUnits(new NumberTickUnitSource(true));
        axis.setNumberFormatOverride(NumberFormat.getIntegerInstance(Locale.ROOT));
        plot = new CombinedDomainXYPlot(axis);
        this.work = work;
    }

    /** Adds a diagram below the ones that are there. Its axis begins at zero. */
    Picture with(String figure, List<Median> medians, ToDoubleFunction<Median> value) {
        NumberAxis axis = new NumberAxis(figure);
        axis.setAutoRangeIncludesZero(true);
        return with(axis, medians, value);
    }

    /** Adds a diagram in which twice the work at twice the figure is a straight line. */
    Picture withLogarithm(String figure, List<Median> medians, ToDoubleFunction<Median> value) {
        LogAxis axis = new LogAxis(figure);
        axis.setStandardTickUnits(new NumberTickUnitSource(true));
        axis.setNumberFormatOverride(NumberFormat.getIntegerInstance(Locale.ROOT));
        return with(axis, medians, value);
    }

    private Picture with(ValueAxis axis, List<Median> medians, ToDoubleFunction<Median> value) {
        XYSeriesCollection lines = new XYSeriesCollection();
        for (Median median : medians) {
            if (lines.getSeriesIndex(median.contestant()) < 0) {
                lines.addSeries(new XYSeries(median.contestant()));
            }
            lines.getSeries(median.contestant()).add(work.applyAsDouble(median), value.applyAsDouble(median));
        }
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer();
        for (int i = 0; i < lines.getSeriesCount(); i++) {
            renderer.setSeriesPaint(i, COLOURS.get(i % COLOURS.size()));
            renderer.setSeriesShape(i, DOT);
        }
        XYPlot diagram = new XYPlot(lines, null, axis, renderer);
        diagram.setBackgroundPaint(Color.WHITE);
        diagram.setDomainGridlinePaint(Color.LIGHT_GRAY);
        diagram.setRangeGridlinePaint(Color.LIGHT_GRAY);
        // The legend names each contestant once.
        if (!plot.getSubplots().isEmpty()) {
            diagram.setFixedLegendItems(new LegendItemCollection());
        }
        plot.add(diagram);
        return this;
    }

    /** Writes it as PNG. */
    void write(Path file) throws IOException {
        JFreeChart chart = new JFreeChart(null, JFreeChart.DEFAULT_TITLE_FONT, plot, true);
        chart.setBackgroundPaint(Color.WHITE);
        ChartUtils.saveChartAsPNG(file.toFile(), chart, WIDTH, HEIGHT);
    }
}

package pipeline.bench;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jfree.chart.ChartUtils;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnitSource;
import org.jfree.chart.plot.CombinedDomainXYPlot;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** How medians grow with the amount of work: one diagram above the other, over one axis, a line for each contestant. */
final class Picture {
    private static final int WIDTH = 800;
    private static final int HEIGHT = 700;

    private final CombinedDomainXYPlot plot;
    private final ToDoubleFunction<Median> work;

    /**
     * @param amount what the axis says
     * @param work where on the axis a scenario lies
     */
    Picture(String amount, ToDoubleFunction<Median> work) {
        LogAxis axis = new LogAxis(amount);
        axis.setStandardTickUnits(new NumberTickUnitSource(true));
        axis.setNumberFormatOverride(java.text.NumberFormat.getIntegerInstance(Locale.ROOT));
        plot = new CombinedDomainXYPlot(axis);
        this.work = work;
    }

    /** Adds a diagram below the ones that are there. */
    Picture with(String figure, List<Median> medians, ToDoubleFunction<Median> value) {
        XYSeriesCollection lines = new XYSeriesCollection();
        for (Median median : medians) {
            if (lines.getSeriesIndex(median.contestant()) < 0) {
                lines.addSeries(new XYSeries(median.contestant()));
            }
            lines.getSeries(median.contestant()).add(work.applyAsDouble(median), value.applyAsDouble(median));
        }
        NumberAxis axis = new NumberAxis(figure);
        axis.setAutoRangeIncludesZero(true);
        XYPlot diagram = new XYPlot(lines, null, axis, new XYLineAndShapeRenderer());
        diagram.setBackgroundPaint(Color.WHITE);
        diagram.setDomainGridlinePaint(Color.LIGHT_GRAY);
        diagram.setRangeGridlinePaint(Color.LIGHT_GRAY);
        // The legend names each contestant once.
        if (!plot.getSubplots().isEmpty()) {
            diagram.setFixedLegendItems(new org.jfree.chart.LegendItemCollection());
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

package pipeline.soak;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import pipeline.claim.Entry;

/** Counts of ledger entries. */
final class Figures {
    private Figures() {}

    static Map<String, Long> byStatus(List<Entry> ledger) {
        return ledger.stream()
                .collect(Collectors.groupingBy(entry -> entry.status().text(), TreeMap::new, Collectors.counting()));
    }

    static Map<Integer, Long> byAttempts(List<Entry> ledger) {
        return ledger.stream().collect(Collectors.groupingBy(Entry::attempts, TreeMap::new, Collectors.counting()));
    }
}

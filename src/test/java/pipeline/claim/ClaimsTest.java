package pipeline.claim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import pipeline.aws.Clients;
import pipeline.cost.Billing;
import pipeline.cost.Prices;
import pipeline.cost.Usage;
import pipeline.dataset.Declared;
import pipeline.dataset.RowKeys;
import pipeline.intake.ObjectVersion;
import pipeline.settings.Settings;
import pipeline.specs.Sandbox;

class ClaimsTest {
    private static final Settings SETTINGS = Settings.load(
            Path.of("no-such-file"),
            Map.of("PIPELINE_BUCKET", "b", "PIPELINE_MAX_ATTEMPTS", "3", "PIPELINE_RETRY_BACKOFF_SECONDS", "0"));

    private static final Set<RowKeys> DATASETS = Set.of(RowKeys.of(Declared.shipped("orders"), 1_024));

    private static Clients clients;
    private static Ledger ledger;
    private static Leases leases;

    private final AtomicLong clock = new AtomicLong();
    private final Clocks clocks = new Clocks(InstantSource.system(), clock::get);
    private final EndedAttempts ended = new EndedAttempts();
    private final Usage total = new Usage();
    private final Billing billing = new Billing(total, Prices.shipped(), true);
    private final Claims claims = new Claims(ledger, leases, ended, SETTINGS, DATASETS, billing, clocks);
    private final Retries retries = new Retries(ledger, ended, SETTINGS, clocks);
    private final Conclusions conclusions = new Conclusions(ledger, Clocks.SYSTEM);
    private final ObjectVersion dropped = ObjectVersion.of(
            "raw-data/" + UUID.randomUUID() + ".csv", "\"e\"", 10, Instant.parse("2026-01-02T03:04:05Z"));

    @BeforeAll
    static void inAnAccount() {
        Sandbox.shared();
        clients = new Clients(SETTINGS);
        ledger = new Ledger(clients.dynamoDb(), SETTINGS.ledgerTable());
        leases = new Leases(ledger, SETTINGS, Clocks.SYSTEM);
        // Time passes here by the tests' clock alone: a beat after ten seconds of ours would bring a dead owner to
        // life.
        leases.close();
    }

    @AfterAll
    static void leave() {
        clients.close();
    }

    private Attempt claimed(Claim claim) {
        return assertInstanceOf(Claim.Claimed.class, claim).attempt();
    }

    private Claim.NotClaimed token() {
        return (Claim.NotClaimed) claims.notClaimed();
    }

    private Claims inAProcessOfItsOwn(Clocks clocks) {
        return new Claims(ledger, leases, new EndedAttempts(), SETTINGS, DATASETS, billing, clocks);
    }

    private Entry entry() {
        return ledger.find(dropped.file(), dropped.version()).orElseThrow();
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    /** Its owner dies: the lease stands still for its whole length before the eyes of whoever asks. */
    private Claim claimAfterItsOwnerDied() {
        assertInstanceOf(Claim.Held.class, claims.claim(dropped, token()));
        pass(Duration.ofSeconds(SETTINGS.leaseSeconds()));
        return claims.claim(dropped, token());
    }

    @Test
    void ofManyWhoClaimAtOnceOneGetsIt() throws Exception {
        assertEquals(1, winners(processes()));
        assertEquals(1, entry().attempts());
    }

    @Test
    void ofManyWhoTakeOverAtOnceOneGetsIt() throws Exception {
        claimed(claims.claim(dropped, token()));
        List<Claims> processes = processes();
        processes.forEach(each -> assertInstanceOf(Claim.Held.class, each.claim(dropped, token())));
        pass(Duration.ofSeconds(SETTINGS.leaseSeconds()));
        assertEquals(1, winners(processes));
        assertEquals(2, entry().attempts());
    }

    private List<Claims> processes() {
        return Stream.generate(() -> inAProcessOfItsOwn(clocks)).limit(24).toList();
    }

    /** How many of them get the file, if all want it at once. */
    private int winners(List<Claims> processes) throws Exception {
        ExecutorService many = Executors.newFixedThreadPool(8);
        List<Callable<Claim>> wishes = new ArrayList<>();
        processes.forEach(each -> wishes.add(() -> each.claim(dropped, token())));
        int winners = 0;
        for (Future<Claim> answer : many.invokeAll(wishes)) {
            winners += answer.get() instanceof Claim.Claimed ? 1 : 0;
        }
        many.shutdown();
        return winners;
    }

    @Test
    void aClaimWhoseAnswerWasLostIsKnownAgainByItsToken() {
        Claim.NotClaimed token = token();
        Attempt first = claimed(claims.claim(dropped, token));
        Attempt again = claimed(claims.claim(dropped, token));
        assertEquals(first.firstClaim(), again.firstClaim());
        assertEquals(1, again.entry().attempts());
    }

    @Test
    void aTakeoverWhoseAnswerWasLostIsKnownAgainByItsToken() {
        claimed(claims.claim(dropped, token()));
        assertInstanceOf(Claim.Held.class, claims.claim(dropped, token()));
        pass(Duration.ofSeconds(SETTINGS.leaseSeconds()));
        Claim.NotClaimed token = token();
        claimed(claims.claim(dropped, token));
        pass(Duration.ofSeconds(5));
        Attempt again = claimed(claims.claim(ObjectVersion.open(dropped.file(), dropped.version()), token));
        assertEquals(2, again.entry().attempts());
        pass(Duration.ofSeconds(16));
        assertThrows(LeaseLostException.class, again.lease()::check, "others count the lease from the first try");
    }

    @Test
    void theTakeoverOfAnAnnouncementIsNoAttemptHoweverOftenItIsTried() {
        Attempt attempt = claimed(claims.claim(dropped, token()));
        conclusions.conclude(
                attempt, new Conclusions.End(Status.REFUSED, Optional.of("no"), Optional.empty(), "failed-data/x"));
        assertInstanceOf(Claim.Held.class, claims.claim(dropped, token()));
        pass(Duration.ofSeconds(SETTINGS.leaseSeconds()));
        Claim.NotClaimed token = token();
        assertInstanceOf(Claim.Concluded.class, claims.claim(dropped, token));
        assertInstanceOf(Claim.Concluded.class, claims.claim(dropped, token));
    }

    @Test
    void theLastClaimOfAFileThatEndsProcessesIsNoAttemptHoweverOftenItIsTried() {
        claimed(claims.claim(dropped, token()));
        claimed(claimAfterItsOwnerDied());
        claimed(claimAfterItsOwnerDied());
        assertInstanceOf(Claim.Held.class, claims.claim(dropped, token()));
        pass(Duration.ofSeconds(SETTINGS.leaseSeconds()));
        Claim.NotClaimed token = token();
        assertEquals("exhausted", claims.claim(dropped, token).kind());
        assertEquals("exhausted", claims.claim(dropped, token).kind());
    }

    @Test
    void clocksThatDifferByMinutesDelayNothingAndTakeNothingAway() {
        Clocks ahead = new Clocks(() -> Instant.now().plus(Duration.ofMinutes(13)), clock::get);
        Clocks behind = new Clocks(() -> Instant.now().minus(Duration.ofMinutes(13)), clock::get);
        Claims early = inAProcessOfItsOwn(ahead);
        Claims late = inAProcessOfItsOwn(behind);

        Attempt attempt = claimed(early.claim(dropped, token()));
        assertInstanceOf(Claim.Held.class, late.claim(dropped, token()));
        new Retries(ledger, new EndedAttempts(), SETTINGS, ahead).handBack(attempt);
        Attempt taken = claimed(late.claim(dropped, token()));
        assertInstanceOf(Claim.Held.class, early.claim(dropped, token()));
        assertEquals(1, taken.entry().attempts());
        assertEquals(attempt.firstClaim(), taken.firstClaim());
    }

    @Test
    void anAttemptThatEndedHereIsTakenUpHereAtOnce() {
        Claim cutOff = claims.claim(dropped, token());
        retries.ended(cutOff);

        assertInstanceOf(Claim.Held.class, inAProcessOfItsOwn(Clocks.SYSTEM).claim(dropped, token()));
        assertEquals(2, claimed(claims.claim(dropped, token())).entry().attempts());
    }

    @Test
    void anAttemptThatEndedHereThroughNoFaultOfTheFilesIsNotCalledCutOff() {
        Claim lost = claims.claim(dropped, token());
        retries.ended(new Claim.NotClaimed(claimed(lost).lease().owner(), 0));

        assertEquals(1, claimed(claims.claim(dropped, token())).entry().attempts());
        assertEquals(List.of(), entry().history());
    }

    @Test
    void aSleeperThatNobodyHasReplacedHandsItsFileBack() {
        Attempt slept = claimed(claims.claim(dropped, token()));
        retries.fencedOff(slept);
        assertEquals(Status.WAITING, entry().status());
        assertEquals(0, entry().attempts());
    }

    @Test
    void theAttemptGivenBackForASleeperIsNotCountedWhenTheNextOneFails() {
        Attempt slept = claimed(claims.claim(dropped, token()));
        Attempt taker = claimed(claimAfterItsOwnerDied());
        retries.fencedOff(slept);
        retries.fencedOff(slept);
        retries.retryLater(taker, "its own fault");
        assertEquals(1, entry().attempts());
    }

    @Test
    void theFirstClaimHasNineDigitsTheLastThreeOfTheFileVersion() {
        Attempt attempt = claimed(claims.claim(dropped, token()));
        assertEquals(
                FileVersion.nanos(dropped.file(), dropped.version()),
                attempt.firstClaim().getNano() % 1000);
        assertTrue(attempt.first());
    }

    @Test
    void aFileWhoseOwnerLivesIsNotTaken() {
        claimed(claims.claim(dropped, token()));
        Claim.Held held = assertInstanceOf(Claim.Held.class, claims.claim(dropped, token()));
        assertEquals(Duration.ofSeconds(30), held.retryIn());
        pass(Duration.ofSeconds(29));
        assertInstanceOf(Claim.Held.class, claims.claim(dropped, token()));
    }

    @Test
    void aFileWhoseOwnerDiedIsTakenWithItsFirstClaimAndOneAttemptMore() {
        Instant first = claimed(claims.claim(dropped, token())).firstClaim();
        Attempt second = claimed(claimAfterItsOwnerDied());
        assertEquals(first, second.firstClaim());
        assertEquals(2, second.entry().attempts());
        assertFalse(second.first());
    }

    @Test
    void aFileThatEndedEveryProcessGetsNoFurtherAttempt() {
        claimed(claims.claim(dropped, token()));
        claimed(claimAfterItsOwnerDied());
        claimed(claimAfterItsOwnerDied());
        Claim.Claimed exhausted = assertInstanceOf(Claim.Claimed.class, claimAfterItsOwnerDied());
        assertEquals("exhausted", exhausted.kind());
        assertEquals(3, exhausted.attempt().entry().attempts());
        claimed(claimAfterItsOwnerDied());
        assertEquals(
                List.of("1 cut off", "2 cut off", "3 cut off"),
                entry().history().stream()
                        .map(line -> line.get("attempt") + " " + line.get("outcome"))
                        .toList());
    }

    @Test
    void whatOnlyEndsSuchAFileIsNoAttemptThatCouldBeGivenBack() {
        claimed(claims.claim(dropped, token()));
        claimed(claimAfterItsOwnerDied());
        claimed(claimAfterItsOwnerDied());
        Claim ends = claimAfterItsOwnerDied();
        retries.handBack(claimed(ends));
        ends = claims.claim(dropped, token());
        assertEquals("exhausted", ends.kind());
        // Nobody could write that down.
        retries.ended(new Claim.NotClaimed(claimed(ends).lease().owner(), 0));
        assertEquals("exhausted", claims.claim(dropped, token()).kind());
        assertEquals(3, entry().attempts());
    }

    @Test
    void whyTheLastAttemptFailedIsKnownToWhoeverEndsTheFile() {
        retries.retryLater(claimed(claims.claim(dropped, token())), "no table");
        retries.retryLater(claimed(claims.claim(dropped, token())), "still no table");
        retries.giveUp(claimed(claims.claim(dropped, token())), "never a table");
        Claim.Claimed exhausted = assertInstanceOf(Claim.Claimed.class, claimAfterItsOwnerDied());
        assertEquals("exhausted", exhausted.kind());
        assertEquals(Optional.of("never a table"), exhausted.attempt().entry().reason());
        assertEquals(2, entry().history().size(), "it is not called cut off");
    }

    @Test
    void anAttemptThatWasCutOffIsNotExplainedByTheOneBefore() {
        retries.retryLater(claimed(claims.claim(dropped, token())), "no table");
        claimed(claims.claim(dropped, token()));
        assertEquals(Optional.empty(), claimed(claimAfterItsOwnerDied()).entry().reason());
    }

    @Test
    void whoWasFencedOffDoesNotGiveUpWhatIsAnothers() {
        Attempt slept = claimed(claims.claim(dropped, token()));
        claimed(claimAfterItsOwnerDied());
        assertThrows(LeaseLostException.class, () -> retries.giveUp(slept, "no table"));
        assertFalse(entry().exhausted());
    }

    @Test
    void aThrottledFileWaitsLongerEachTimeThatItGotNoFurther() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        Clocks stepped = new Clocks(now::get, clock::get);
        Claims then = inAProcessOfItsOwn(stepped);
        Retries patient = new Retries(ledger, ended, tenSecondsOfBackOff(), stepped);
        List<Long> doublings = new ArrayList<>();
        for (int time = 0; time < 8; time++) {
            Attempt attempt = claimed(then.claim(dropped, token()));
            if (time == 7) {
                attempt.advance(1, 0);
            }
            patient.waitUnspent(attempt, "slow down");
            // The wait is between half of it and all of it.
            long seconds = Duration.between(now.get(), entry().notBefore()).toSeconds();
            doublings.add(Math.round(Math.ceil(Math.log((seconds + 1) / 10.0) / Math.log(2))));
            now.set(entry().notBefore());
        }
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L, 5L, 0L), doublings);
        assertEquals(0, entry().attempts());
        assertEquals(Optional.of("slow down"), entry().reason());
    }

    private static Settings tenSecondsOfBackOff() {
        return Settings.load(
                Path.of("no-such-file"), Map.of("PIPELINE_BUCKET", "b", "PIPELINE_RETRY_BACKOFF_SECONDS", "10"));
    }

    @Test
    void aSupersededVersionThatEndedProcessesComesAgainAsANewOne() {
        claimed(claims.claim(dropped, token()));
        claimed(claimAfterItsOwnerDied());
        claimed(claimAfterItsOwnerDied());
        conclusions.supersede(claimed(claimAfterItsOwnerDied()));
        assertEquals("claimed", claims.claim(dropped, token()).kind());
    }

    @Test
    void aFailedAttemptWaitsAndTheNextOneCounts() {
        Attempt first = claimed(claims.claim(dropped, token()));
        assertFalse(retries.lastAttempt(first));
        retries.retryLater(first, "the table said no");
        assertEquals(Status.WAITING, entry().status());
        assertEquals(Optional.of("the table said no"), entry().reason());
        assertEquals(1, entry().history().size());
        assertTrue(first.settled());
        Attempt second = claimed(claims.claim(dropped, token()));
        assertEquals(2, second.entry().attempts());
    }

    @Test
    void anAttemptHandedBackCostsNothing() {
        retries.handBack(claimed(claims.claim(dropped, token())));
        assertEquals(0, entry().attempts());
        assertEquals(1, claimed(claims.claim(dropped, token())).entry().attempts());
    }

    @Test
    void anOwnerThatWasFencedOffWritesNothingAndGivesTheAttemptBack() {
        Attempt slept = claimed(claims.claim(dropped, token()));
        Attempt taker = claimed(claimAfterItsOwnerDied());
        assertThrows(LeaseLostException.class, () -> retries.retryLater(slept, "late"));
        assertThrows(
                LeaseLostException.class,
                () -> conclusions.conclude(
                        slept,
                        new Conclusions.End(Status.COMPLETED, Optional.empty(), Optional.empty(), "processed-data/x")));
        assertEquals(Status.PROCESSING, entry().status());
        assertEquals(taker.lease().owner(), entry().leaseOwner());
        retries.fencedOff(slept);
        assertEquals(1, entry().attempts());
    }

    @Test
    void aBeatFindsTheLeaseLostIfAnotherHasTheFileAndOnlyThen() {
        Attempt slept = claimed(claims.claim(dropped, token()));
        leases.renew(slept);
        slept.lease().checkHeld();
        claimed(claimAfterItsOwnerDied());
        leases.renew(slept);
        assertThrows(LeaseLostException.class, slept.lease()::checkHeld);
    }

    @Test
    void aBeatAfterAConclusionOfWhichTheAnswerWasLostLeavesTheLeaseItsHolders() {
        Attempt attempt = claimed(claims.claim(dropped, token()));
        Conclusions.End end =
                new Conclusions.End(Status.COMPLETED, Optional.empty(), Optional.empty(), "processed-data/x");
        conclusions.conclude(new Attempt(attempt.entry(), attempt.lease(), billing.bill()), end);
        leases.renew(attempt);
        attempt.lease().checkHeld();
        assertEquals(Status.COMPLETED, conclusions.conclude(attempt, end).status());
    }

    @Test
    void whoAnnouncesKeepsTheFileForAsLongAsItLives() {
        Attempt attempt = claimed(claims.claim(dropped, token()));
        conclusions.conclude(
                attempt, new Conclusions.End(Status.REFUSED, Optional.of("no"), Optional.empty(), "failed-data/x"));
        assertInstanceOf(Claim.Held.class, claims.claim(dropped, token()));
        pass(Duration.ofSeconds(SETTINGS.leaseSeconds() - 1));
        leases.renew(attempt);
        assertInstanceOf(Claim.Held.class, claims.claim(dropped, token()));
        pass(Duration.ofSeconds(2));
        assertInstanceOf(Claim.Held.class, claims.claim(dropped, token()));
    }

    @Test
    void soDoesWhoTookTheAnnouncementOver() {
        conclusions.conclude(
                claimed(claims.claim(dropped, token())),
                new Conclusions.End(Status.REFUSED, Optional.of("no"), Optional.empty(), "failed-data/x"));
        Attempt rest = claimAfterItsOwnerDied().work().orElseThrow();
        assertTrue(leases.inHand().contains(rest), "expected a heartbeat");
        assertInstanceOf(Claim.Held.class, claims.claim(dropped, token()));
        pass(Duration.ofSeconds(SETTINGS.leaseSeconds() - 1));
        leases.renew(rest);
        assertInstanceOf(Claim.Held.class, claims.claim(dropped, token()));
        pass(Duration.ofSeconds(2));
        assertInstanceOf(Claim.Held.class, claims.claim(dropped, token()));
        pass(Duration.ofSeconds(SETTINGS.leaseSeconds()));
        assertTrue(claims.claim(dropped, token()).work().isPresent(), "expected that it died");
        leases.renew(rest);
        assertThrows(LeaseLostException.class, rest.lease()::checkHeld);
    }

    @Test
    void aConcludedFileIsNeverClaimedAgain() {
        Attempt attempt = claimed(claims.claim(dropped, token()));
        conclusions.conclude(
                attempt, new Conclusions.End(Status.COMPLETED, Optional.empty(), Optional.empty(), "processed-data/x"));
        assertInstanceOf(Claim.Concluded.class, claims.claim(dropped, token()));
        assertFalse(entry().item().containsKey("open"), "nothing is left to do for it");
    }

    @Test
    void anAnnouncementLeftUndoneIsTakenOverOnlyWhenItsOwnerDied() {
        Attempt attempt = claimed(claims.claim(dropped, token()));
        conclusions.conclude(
                attempt, new Conclusions.End(Status.REFUSED, Optional.of("no"), Optional.empty(), "failed-data/x"));
        Claim.Concluded takenOver = assertInstanceOf(Claim.Concluded.class, claimAfterItsOwnerDied());
        assertTrue(takenOver.entry().announcePending());
        conclusions.settled(takenOver.entry());
        assertFalse(entry().announcePending());
        assertEquals(
                Optional.of("failure"), Optional.of(entry().item().get("open").s()));
    }

    @Test
    void aSupersededVersionMayComeAgainAsANewOne() {
        conclusions.supersede(claimed(claims.claim(dropped, token())));
        assertEquals(Status.SUPERSEDED, entry().status());
        assertEquals(1, claimed(claims.claim(dropped, token())).entry().attempts());
    }

    @Test
    void aReplayedFailureIsDueAtOnceWithAllItsAttempts() {
        Attempt attempt = claimed(claims.claim(dropped, token()));
        Entry refused = conclusions.conclude(
                attempt, new Conclusions.End(Status.REFUSED, Optional.of("no"), Optional.empty(), "failed-data/x"));
        conclusions.settled(refused);
        assertTrue(conclusions.replay(entry()));
        assertFalse(conclusions.replay(refused), "it is not as it was seen");
        Attempt again = claimed(claims.claim(ObjectVersion.open(dropped.file(), dropped.version()), token()));
        assertEquals(1, again.entry().attempts());
        assertEquals(attempt.firstClaim(), again.firstClaim());
        assertTrue(again.entry().replayed());
    }

    @Test
    void aWorkerWhoseFileIsReplayedWhileItAnnouncesLeavesTheRestAlone() {
        Attempt attempt = claimed(claims.claim(dropped, token()));
        Entry refused = conclusions.conclude(
                attempt, new Conclusions.End(Status.REFUSED, Optional.of("no"), Optional.empty(), "failed-data/x"));
        assertTrue(refused.messagePending());
        assertTrue(conclusions.replay(refused));

        Entry left = conclusions.messageSent(refused);

        assertFalse(left.announcePending(), "its alert is for the next failure to send");
        assertFalse(left.tidyPending());
        conclusions.settled(refused);
        assertEquals(
                List.of(Status.WAITING, "work"),
                List.of(entry().status(), entry().item().get("open").s()),
                "it is found and worked on again");
        assertFalse(entry().announcePending());
    }

    @Test
    void aDiscardedFileIsTidiedUpAfterAllTheSame() {
        retries.handBack(claimed(claims.claim(dropped, token())));
        Attempt attempt = claimed(claims.claim(dropped, token()));
        Entry refused = conclusions.conclude(
                attempt, new Conclusions.End(Status.REFUSED, Optional.of("no"), Optional.empty(), "failed-data/x"));
        assertTrue(refused.tidyPending());
        assertTrue(conclusions.discard(refused));
        assertFalse(entry().announcePending());

        Claim.Concluded left = assertInstanceOf(Claim.Concluded.class, claimAfterItsOwnerDied());

        assertTrue(left.entry().tidyPending());
        conclusions.settled(left.entry());
        assertEquals(Status.DISCARDED, entry().status());
        assertFalse(entry().item().containsKey("open"), "nothing is left to do for it");
    }

    @Test
    void whatWasConcludedOnADayIsFoundByItsInstantInWhicheverPartOfTheIndexItLies() {
        Instant noon = Instant.parse("2031-05-06T12:00:00Z");
        List<Instant> at = List.of(noon.minusMillis(1), noon, noon.plusMillis(250), noon.plusSeconds(3_600));
        List<String> files = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Instant then = at.get(i % 4);
            ObjectVersion one = ObjectVersion.of("raw-data/" + UUID.randomUUID() + "/" + i, "\"e\"", 10, noon);
            Attempt attempt = claimed(claims.claim(one, token()));
            new Conclusions(ledger, new Clocks(() -> then, clock::get))
                    .conclude(
                            attempt,
                            new Conclusions.End(
                                    Status.COMPLETED, Optional.empty(), Optional.empty(), "processed-data/x"));
            files.add(one.file());
        }
        LocalDate day = LocalDate.parse("2031-05-06");

        assertEquals(Set.copyOf(files), files(ledger.concludedOn(day)));
        assertEquals(40, ledger.concludedOn(day, noon.minusSeconds(60)).count());
        assertEquals(30, ledger.concludedOn(day, noon).count(), "full seconds and others alike");
        assertEquals(20, ledger.concludedOn(day, noon.plusMillis(1)).count());
        assertEquals(10, ledger.concludedOn(day, noon.plusSeconds(1)).count());
        assertEquals(0, ledger.concludedOn(day.plusDays(1)).count());
        assertEquals(0, ledger.concludedOn(day.minusDays(1)).count());
    }

    private static Set<String> files(Stream<Entry> entries) {
        return entries.map(Entry::file).collect(Collectors.toUnmodifiableSet());
    }

    @Test
    void whyRowsWereRejectedAndWhatWasSentAgainIsInTheEntryAndInTheIndexByDay() {
        Attempt first = claimed(claims.claim(dropped, token()));
        first.rejected(List.of("a: expected a value"));
        first.resent(3);
        retries.handBack(first);
        assertEquals(Map.of("a: expected a value", 1L), entry().rejectedFor());
        assertEquals(3, entry().itemsResent());

        Attempt second = claimed(claims.claim(dropped, token()));
        second.startRows();
        second.rejected(List.of("a: expected a value", "b: expected a date"));
        second.rejected(List.of("b: expected a date"));
        second.resent(4);
        Instant then = Instant.parse("2031-05-08T12:00:00Z");
        new Conclusions(ledger, new Clocks(() -> then, clock::get))
                .conclude(
                        second,
                        new Conclusions.End(Status.REFUSED, Optional.of("no"), Optional.empty(), "failed-data/x"));

        Entry shown =
                ledger.concludedOn(LocalDate.parse("2031-05-08")).findFirst().orElseThrow();
        for (Entry entry : List.of(entry(), shown)) {
            assertEquals(
                    List.of(Map.entry("b: expected a date", 2L), Map.entry("a: expected a value", 1L)),
                    List.copyOf(entry.rejectedFor().entrySet()));
            assertEquals(7, entry.itemsResent(), "those of both attempts");
        }
    }
}

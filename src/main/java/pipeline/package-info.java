/**
 * Files dropped in a bucket become rows in a table. The program is the folder {@code routes/}; Java is what YAML cannot
 * say plainly. A reader follows a file through the packages as through the routes:
 *
 * <pre>
 * settings   what the operator has set
 * cost       what AWS charges, and for what
 * aws        clients, resources, and whether they answer
 * intake     what lies in raw-data/, what an event means          poll-raw-data, receive-event
 * claim      ledger, lease, attempt                               process-file
 * place      where copies lie, and conditional copies             read-file
 * dataset    declared kinds of CSV                                read-file
 * read       decoding, structure, batches                         read-rows
 * check      a row against its dataset                            check-rows
 * store      batches into the table, stale rows out of it          clear-stale-rows, store-rows
 * repair     where corrected rows come from                       read-rows
 * reject     rejected rows back to people                         reject-rows
 * conclude   the end of a file, and of an attempt                 conclude-file, give-up
 * announce   what is said to queue and person                     announce-failure
 * outage     whether AWS answers                                  watch-outage
 * observe    log lines, metrics, health, traces
 * explain    what became of a file or a row, or would, for whoever asks
 * http       the page and the interface under it                serve-http
 * doctor     what is wrong with the account
 * run        all of it wired together
 * cli        the verbs
 * lambda     the same behind AWS Lambda                           take-message
 * </pre>
 */
package pipeline;

package pipeline.local;

import java.io.IOException;

/** Something behind the front that answers calls. */
@FunctionalInterface
interface Service {
    /** Answers the call. The caller closes the answer. An IOException means that there is none: the connection is cut. */
    Answer answer(Call call, Request request) throws IOException;
}

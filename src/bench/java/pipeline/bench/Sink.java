package pipeline.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

/**
 * Answers S3, DynamoDB, SQS and SNS on a loopback port, as cheaply as can be, so that what a benchmark measures is its
 * contestant: rows are counted and forgotten, objects are bytes or files that are there already. It is a process of its
 * own; the first line that it prints is its port.
 *
 * <p>Under {@code /-/} it is told what to do: {@code PUT /-/objects/KEY?file=PATH} places a file into the bucket,
 * {@code POST /-/events} puts the event of each object into the intake queue,
 * {@code POST /-/reset?latency=MILLIS&units=N} forgets everything and sets the time that each answer takes and the write
 * units a second that a table allows (0 = as many as come), {@code GET /-/figures} tells what came, {@code GET /-/ledger}
 * what the ledger holds.
 */
public final class Sink implements AutoCloseable {
    private static final int LARGEST_REQUEST = 64 * 1024 * 1024;

    private final Figures figures = new Figures();
    private final SinkObjects objects = new SinkObjects(figures);
    private final SinkTables tables = new SinkTables(figures);
    private final EventLoopGroup loops = new NioEventLoopGroup();
    private final SinkMessages messages = new SinkMessages(figures, loops);
    private final int port;
    private volatile long latencyMillis;

    /** Runs until it is killed, or until standard input ends with whoever started it. */
    public static void main(String[] args) throws Exception {
        try (Sink sink = new Sink()) {
            System.out.println(sink.port());
            while (System.in.read() >= 0) {
                // Whoever started it says nothing.
            }
        }
    }

    /** Answers from now on. */
    Sink() {
        Channel server = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline()
                                .addLast(new HttpServerCodec())
                                .addLast(new HttpObjectAggregator(LARGEST_REQUEST))
                                .addLast(new Handler());
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
        port = ((InetSocketAddress) server.localAddress()).getPort();
    }

    /** Where it listens, on the loopback interface. */
    int port() {
        return port;
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /**
     * What is answered.
     *
     * @param content the body: bytes, or parts of files
     */
    record Answer(int status, Map<String, String> headers, SinkContent content) {
        static Answer of(int status, String type, String body) {
            return new Answer(
                    status, Map.of("Content-Type", type), SinkContent.of(body.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private CompletableFuture<Answer> answer(FullHttpRequest request) throws IOException {
        String target = request.headers().get("X-Amz-Target");
        return target == null || target.startsWith("DynamoDB")
                ? CompletableFuture.completedFuture(answerAtOnce(request, target))
                : messages.sqs(target, request);
    }

    private Answer answerAtOnce(FullHttpRequest request, String target) throws IOException {
        QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        if (uri.path().startsWith("/-/")) {
            return told(request, uri);
        }
        if (target == null) {
            String type = request.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
            return type.startsWith("application/x-www-form-urlencoded")
                    ? messages.sns(request.content().toString(StandardCharsets.UTF_8))
                    : objects.answer(request, uri);
        }
        return tables.answer(target.substring(target.indexOf('.') + 1), request.content());
    }

    private Answer told(FullHttpRequest request, QueryStringDecoder uri) throws IOException {
        if (request.method().equals(HttpMethod.PUT)) {
            objects.place(
                    uri.path().substring("/-/objects/".length()),
                    Path.of(uri.parameters().get("file").get(0)));
        } else if (uri.path().equals("/-/events")) {
            messages.announce(objects.keys());
        } else if (uri.path().equals("/-/ledger")) {
            return Answer.of(200, "application/json", tables.ledger());
        } else if (request.method().equals(HttpMethod.POST)) {
            objects.clear();
            tables.clear(number(uri, "units"));
            messages.clear();
            figures.clear();
            latencyMillis = number(uri, "latency");
        }
        return Answer.of(200, "application/json", figures.json());
    }

    private static long number(QueryStringDecoder uri, String name) {
        return Long.parseLong(uri.parameters().getOrDefault(name, List.of("0")).get(0));
    }

    private final class Handler extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) throws IOException {
            boolean head = request.method().equals(HttpMethod.HEAD);
            boolean told = request.uri().startsWith("/-/");
            answer(request).thenAccept(answer -> {
                if (latencyMillis > 0 && !told) {
                    context.executor()
                            .schedule(() -> write(context, answer, head), latencyMillis, TimeUnit.MILLISECONDS);
                } else {
                    write(context, answer, head);
                }
            });
        }

        private void write(ChannelHandlerContext context, Answer answer, boolean head) {
            HttpResponse response =
                    new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()));
            answer.headers().forEach((name, value) -> response.headers().set(name, value));
            response.headers()
                    .set(HttpHeaderNames.CONTENT_LENGTH, answer.content().length());
            response.headers().set("x-amz-request-id", "0");
            context.write(response);
            if (!head) {
                for (SinkContent.Part part : answer.content().parts()) {
                    write(context, part);
                }
            }
            context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
        }

        private void write(ChannelHandlerContext context, SinkContent.Part part) {
            if (part.file() == null) {
                context.write(new DefaultHttpContent(
                        Unpooled.wrappedBuffer(part.bytes(), (int) part.from(), (int) part.length())));
            } else {
                context.write(new DefaultFileRegion(part.file().toFile(), part.from(), part.length()));
            }
        }

        /** A contestant that ends breaks off its connections. Whatever else goes wrong here spoils the run. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            if (!(failure instanceof IOException)) {
                figures.spoilt(failure);
            }
            context.close();
        }
    }

    /** As DynamoDB signs each answer. */
    static String crc32(byte[] body) {
        CRC32 crc = new CRC32();
        crc.update(body);
        return Long.toString(crc.getValue());
    }
}

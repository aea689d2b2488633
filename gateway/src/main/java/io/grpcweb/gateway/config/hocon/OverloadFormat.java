package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.OverloadConfig;
import io.grpcweb.gateway.config.OverloadConfig.Action;
import io.grpcweb.gateway.config.OverloadConfig.Kind;
import io.grpcweb.gateway.config.OverloadConfig.Monitor;
import io.grpcweb.gateway.config.OverloadConfig.Place;
import io.grpcweb.gateway.config.OverloadConfig.Reduction;
import io.grpcweb.gateway.config.OverloadConfig.Resource;
import io.grpcweb.gateway.config.OverloadConfig.ShedPoint;
import io.grpcweb.gateway.config.OverloadConfig.Timer;
import io.grpcweb.gateway.config.OverloadConfig.Trigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What is done when the process runs short, in the gateway's own format. */
final class OverloadFormat {
    private static final int LARGEST_POWER = 56;

    private OverloadFormat() {}

    static OverloadConfig fields(Fields own, OverloadConfig given) {
        OverloadConfig read = new OverloadConfig(
                own.duration("refresh", given.refresh()),
                own.sections(
                        "monitors", given.monitors(), new Monitor("", Resource.MEMORY, 0, ""), OverloadFormat::monitor),
                own.sections(
                        "actions",
                        given.actions(),
                        new Action(Kind.STOP_ACCEPTING_REQUESTS, List.of()),
                        OverloadFormat::action),
                own.sections(
                        "load-shed", given.shedPoints(), new ShedPoint(Place.ACCEPT, List.of()), OverloadFormat::place),
                own.sections(
                        "timers",
                        given.timers(),
                        new Reduction(Timer.CONNECTION_IDLE, Duration.ZERO, 0),
                        OverloadFormat::reduction),
                own.integer("smallest-stream", given.smallestStream(), 10, LARGEST_POWER));
        check(own, read);
        return read;
    }

    private static void check(Fields own, OverloadConfig read) {
        Set<String> names = read.monitors().stream().map(Monitor::name).collect(Collectors.toSet());
        if (names.size() < read.monitors().size()) {
            own.error("monitors", "two monitors have the same name");
        }
        List<Trigger> triggers = new ArrayList<>();
        read.actions().forEach(action -> triggers.addAll(action.triggers()));
        read.shedPoints().forEach(point -> triggers.addAll(point.triggers()));
        triggers.stream()
                .filter(trigger -> !names.contains(trigger.monitor()))
                .forEach(trigger -> own.error("", "there is no monitor '" + trigger.monitor() + "'"));
        if (read.actions().stream().map(Action::kind).distinct().count()
                < read.actions().size()) {
            own.error("actions", "an action stands there twice: it may have several triggers");
        }
        if (read.shedPoints().stream().map(ShedPoint::place).distinct().count()
                < read.shedPoints().size()) {
            own.error("load-shed", "a place stands there twice: it may have several triggers");
        }
    }

    private static Monitor monitor(Fields own, Monitor given) {
        return new Monitor(
                own.text("name", given.name()),
                own.choice("of", given.resource()),
                own.whole("most", given.most()),
                own.text("file", given.file()));
    }

    private static Action action(Fields own, Action given) {
        return new Action(own.choice("action", given.kind()), triggers(own, given.triggers()));
    }

    private static ShedPoint place(Fields own, ShedPoint given) {
        return new ShedPoint(own.choice("place", given.place()), triggers(own, given.triggers()));
    }

    private static List<Trigger> triggers(Fields own, List<Trigger> given) {
        return own.sections("when", given, new Trigger("", 1, 1), OverloadFormat::trigger);
    }

    private static Trigger trigger(Fields own, Trigger given) {
        Trigger read = new Trigger(
                own.text("monitor", given.monitor()), own.share("from", given.from()), own.share("full", given.full()));
        if (read.from() > read.full()) {
            own.error("from", "is above 'full'");
        }
        return read;
    }

    private static Reduction reduction(Fields own, Reduction given) {
        return new Reduction(
                own.choice("timer", given.timer()),
                own.duration("least", given.least()),
                own.share("share", given.share()));
    }
}

package io.grpcweb.gateway.config.envoy;

import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.Event.ID;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.parser.Parser;

/** The parser of YAML with a bound on how deep lists and mappings stand in each other: what composes them calls itself. */
final class ShallowParser implements Parser {
    private final Parser parser;
    private final int most;
    private int depth;

    ShallowParser(Parser parser, int most) {
        this.parser = parser;
        this.most = most;
    }

    @Override
    public boolean checkEvent(ID choice) {
        return parser.checkEvent(choice);
    }

    @Override
    public Event peekEvent() {
        return parser.peekEvent();
    }

    @Override
    public boolean hasNext() {
        return parser.hasNext();
    }

    @Override
    public Event next() {
        Event event = parser.next();
        if (event instanceof CollectionStartEvent) {
            if (++depth > most) {
                throw new ParserException(
                        "lists and mappings are nested deeper than " + most + " levels", event.getStartMark());
            }
        } else if (event.getEventId() == ID.SequenceEnd || event.getEventId() == ID.MappingEnd) {
            depth--;
        }
        return event;
    }
}

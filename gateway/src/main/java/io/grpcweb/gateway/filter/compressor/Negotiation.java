package io.grpcweb.gateway.filter.compressor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Chooses a coding by {@code accept-encoding} (RFC 9110 section 12.5.3), among those of all filters of a chain, since one of
 * them compresses a response. All of them come to the same result.
 */
final class Negotiation {
    private static final String IDENTITY = "identity";
    private static final String ANY = "*";

    /**
     * What one filter offers.
     *
     * @param types of the bodies that it compresses
     * @param first whether it comes first among those with the same weight
     */
    record Offer(String token, ContentTypes types, boolean first) {}

    /** Why a coding is chosen. */
    enum Reason {
        NAMED,
        WILDCARD,
        IDENTITY,
        NOT_VALID
    }

    /**
     * The result.
     *
     * @param token of the coding, or {@code identity}
     */
    record Choice(String token, Reason reason) {}

    /** A part of the field. */
    private record Wish(String token, double weight) {}

    private static final Choice NOTHING = new Choice(IDENTITY, Reason.NOT_VALID);

    private final List<Offer> offers;
    private final boolean ownOrder;

    /**
     * A choice among offers.
     *
     * @param ownOrder whether their order decides among those with the same weight, instead of the client's
     */
    Negotiation(List<Offer> offers, boolean ownOrder) {
        this.offers = List.copyOf(offers);
        this.ownOrder = ownOrder;
    }

    /** The coding for a body of this type, which may be null. */
    Choice choose(CharSequence accepted, String essence) {
        List<Wish> wishes = wishes(accepted.toString());
        List<Offer> open = open(wishes, essence);
        if (wishes.isEmpty() || open.isEmpty()) {
            return NOTHING;
        }
        return ownOrder ? byOffers(wishes, open) : byWishes(wishes, open);
    }

    private List<Wish> wishes(String accepted) {
        List<Wish> wishes = new ArrayList<>(4);
        for (String part : (ownOrder ? accepted.toLowerCase(Locale.ROOT) : accepted).split(",", -1)) {
            int end = part.indexOf(';');
            String token = (end < 0 ? part : part.substring(0, end)).strip();
            double weight = end < 0 ? 1 : weight(part.substring(end + 1));
            if (!token.isEmpty() && weight >= 0) {
                wishes.add(new Wish(token, weight));
            }
        }
        return wishes;
    }

    /** The weight in a parameter; below zero where it is none. */
    private static double weight(String parameter) {
        int equal = parameter.indexOf('=');
        if (equal < 0 || !parameter.substring(0, equal).strip().equalsIgnoreCase("q")) {
            return 1;
        }
        try {
            return Double.parseDouble(parameter.substring(equal + 1).strip());
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** The first offer of each coding that the client does not refuse and that takes the type. */
    private List<Offer> open(List<Wish> wishes, String essence) {
        List<Offer> open = new ArrayList<>(offers.size());
        for (Offer offer : offers) {
            if (offer.types().contain(essence)
                    && named(open, offer.token()) == null
                    && wishes.stream()
                            .noneMatch(
                                    wish -> wish.weight() == 0 && offer.token().equals(wish.token()))) {
                open.add(offer);
            }
        }
        return open;
    }

    private static Offer named(List<Offer> open, String token) {
        for (Offer offer : open) {
            if (offer.token().equals(token)) {
                return offer;
            }
        }
        return null;
    }

    /** The wish with the highest weight; the first one among those with the same, unless an offer wants to be it. */
    private static Choice byWishes(List<Wish> wishes, List<Offer> open) {
        Wish best = null;
        for (Wish wish : wishes) {
            Offer offer = named(open, wish.token());
            boolean known = offer != null
                    || wish.token().equals(IDENTITY)
                    || wish.token().equals(ANY);
            double least = best == null ? 0 : best.weight();
            if (known
                    && (wish.weight() > least
                            || best != null && wish.weight() == least && offer != null && offer.first())) {
                best = wish;
            }
        }
        if (best == null) {
            return NOTHING;
        }
        return switch (best.token()) {
            case IDENTITY -> new Choice(IDENTITY, Reason.IDENTITY);
            case ANY -> new Choice(open.get(0).token(), Reason.WILDCARD);
            default -> new Choice(best.token(), Reason.NAMED);
        };
    }

    /** The offer with the highest weight; the first one among those with the same. */
    private static Choice byOffers(List<Wish> wishes, List<Offer> open) {
        double any = weightOf(wishes, ANY, 0);
        Offer best = null;
        double most = 0;
        for (Offer offer : open) {
            double weight = weightOf(wishes, offer.token(), any);
            if (weight > most) {
                best = offer;
                most = weight;
            }
        }
        if (best == null || weightOf(wishes, IDENTITY, 0) > most) {
            return best == null && weightOf(wishes, IDENTITY, 0) <= 0 ? NOTHING : new Choice(IDENTITY, Reason.IDENTITY);
        }
        boolean isNamed = weightOf(wishes, best.token(), -1) >= 0;
        return new Choice(best.token(), isNamed ? Reason.NAMED : Reason.WILDCARD);
    }

    private static double weightOf(List<Wish> wishes, String token, double otherwise) {
        for (Wish wish : wishes) {
            if (wish.token().equals(token)) {
                return wish.weight();
            }
        }
        return otherwise;
    }
}

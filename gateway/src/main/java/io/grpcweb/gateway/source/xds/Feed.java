package io.grpcweb.gateway.source.xds;

/** Brings resources from one place to those who want them; on the loop. */
interface Feed {

    void add(Wanted wanted);

    void remove(Wanted wanted);

    /** What has been added and removed until now is told. */
    void flush();

    void close();
}

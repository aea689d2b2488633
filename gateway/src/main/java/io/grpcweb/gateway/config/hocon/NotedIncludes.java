package io.grpcweb.gateway.config.hocon;

import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseable;
import io.grpcweb.gateway.config.FilesRead;
import java.io.File;
import java.nio.file.Path;

/** Notes the files that a file includes, and leaves the including to the library. */
final class NotedIncludes implements ConfigIncluder, ConfigIncluderFile {
    private final FilesRead files;
    private final ConfigIncluder library;

    NotedIncludes(FilesRead files) {
        this(files, null);
    }

    private NotedIncludes(FilesRead files, ConfigIncluder library) {
        this.files = files;
        this.library = library;
    }

    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
        return new NotedIncludes(files, fallback);
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
        ConfigParseable named = context.relativeTo(what);
        if (named != null && named.origin().filename() != null) {
            files.add(Path.of(named.origin().filename()));
        }
        return library.include(context, what);
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
        files.add(what.toPath());
        return ((ConfigIncluderFile) library).includeFile(context, what);
    }
}

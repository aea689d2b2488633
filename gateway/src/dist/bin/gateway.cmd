@echo off
rem Starts the gateway on Windows.
rem   JAVA_HOME   which Java to use (else the one on the PATH); 17 or later
rem   JAVA_OPTS   options for the Java virtual machine, such as -Xmx512m
setlocal
for %%d in ("%~dp0..") do set "home=%%~fd"

set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java"
"%java%" -version >nul 2>&1
if errorlevel 1 (
  echo %~nx0: no Java found: set JAVA_HOME, or put java ^(17 or later^) on the PATH 1>&2
  exit /b 1
)

rem JDK 22 and later ask for consent to native code; JDK 17 knows the option only for modules that exist.
set "release=0"
if defined JAVA_HOME if exist "%JAVA_HOME%\release" (
  for /f "tokens=2 delims==." %%v in ('findstr /b "JAVA_VERSION=" "%JAVA_HOME%\release"') do set "release=%%v"
)
set release=%release:"=%
set "versioned="
if %release% geq 22 set "versioned=--enable-native-access=ALL-UNNAMED"

rem What the options are for is said in bin/gateway.
"%java%" -XX:+UseSerialGC -Xms32m -XX:NewRatio=1 -XX:-ShrinkHeapInSteps -XX:MaxHeapFreeRatio=50 -XX:+ExitOnOutOfMemoryError ^
  -XX:FreqInlineSize=150 -XX:LoopOptsCount=5 -Dio.netty.leakDetection.level=disabled -Dio.netty.jfr.enabled=false ^
  -Dio.netty.allocator.cacheTrimIntervalMillis=2000 -Dio.netty.allocator.maxOrder=8 %versioned% %JAVA_OPTS% ^
  "-Dgateway.home=%home%" -Dgateway.command=gateway ^
  -cp "%home%\lib\gateway.jar;%home%\lib\*" io.grpcweb.gateway.cli.Main %*
exit /b %errorlevel%
